"""Affinity that a run measured between its tasks (Fifty et al. 2021), as a table of pairs.

The affinity of an auxiliary task i to a main task j is Z_ij = 1 − L_j(after) / L_j(before) for a step on i alone, mean
over the steps measured; ``training.affinity`` in a recipe has it measured. The longer the step, the larger it is:
values of runs with other learning rates do not compare, and their order may.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

_COLUMNS = ("main", "auxiliary", "affinity", "standard_error", "steps")
_ERRORS = 2  # standard errors that a value has to be away from 0 (95 % of a normal distribution)


class AffinityError(UserError):
    """A file that holds no affinity."""


def read_affinity(path: Path) -> pd.DataFrame:
    """The affinity that a run measured.

    Args:
        path: ``results.json`` of the finished run.

    Returns:
        One row per directed pair, a task with itself included: ``main``, whose loss changed; ``auxiliary``, on which
        the step was made; ``affinity``, the mean; its ``standard_error`` as if steps were independent of each other,
        NaN of a single one; ``steps``, how many were measured.

    Raises:
        AffinityError: no such file, none of a run, or nothing was measured.
    """
    import pandas as pd

    rows = [
        (main, auxiliary, of["mean"], math.nan if of["standard_error"] is None else of["standard_error"], of["steps"])
        for auxiliary, mains in _read(path).items()
        for main, of in mains.items()
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def is_decided(affinity: pd.DataFrame) -> pd.Series:
    """Whether an affinity lies two standard errors or more from 0.

    Args:
        affinity: as :func:`read_affinity` gives it.
    """
    return affinity["affinity"].abs() >= _ERRORS * affinity["standard_error"]


def power_of_ten(affinity: pd.DataFrame) -> int:
    """The power of ten as unit of which the largest affinity between two tasks has one digit before the point.

    Args:
        affinity: as :func:`read_affinity` gives it.
    """
    between = affinity.loc[affinity["main"] != affinity["auxiliary"], "affinity"].abs()
    largest = between.max() if len(between) else 0.0
    return math.floor(math.log10(largest)) if largest > 0 else 0


def affinity_number(value: float, power: int) -> str:
    """An affinity in units of a power of ten, with its sign and two decimals; what rounds to 0 has no sign."""
    text = f"{value / 10.0**power:+.2f}"
    return "0.00" if text in {"+0.00", "-0.00"} else text.replace("-", "−")


def unit_of(power: int) -> str:
    """``10⁻³``; ``1`` for 10⁰."""
    return "1" if power == 0 else "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _read(path: Path) -> Mapping[str, Mapping[str, Mapping[str, float | None]]]:
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
        affinity = results.get("affinity")
    except OSError as error:
        raise AffinityError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, AttributeError):
        raise AffinityError(f"{path}: should be the results of a run, as JSON") from None
    if affinity is None:
        raise AffinityError(f"{path}: no affinity was measured; train with training.affinity set")
    if not affinity:
        raise AffinityError(f"{path}: the run ended before affinity was measured; lower training.affinity.steps")
    return affinity
