"""Which characteristics go with which outcomes: many rank correlations, corrected, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.analysis.correlation import RankCorrelation, rank_correlation
from hf_sluice.evaluation.significance import correct_p_values, format_p_value
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_LEVEL = 0.05
_STRONGEST = 10


class Tested(NamedTuple):
    """One characteristic against one outcome."""

    outcome: str
    characteristic: str
    correlation: RankCorrelation
    corrected: float


def correlate(characteristics: pd.DataFrame, outcomes: pd.DataFrame) -> list[Tested]:
    """Correlates every characteristic with every outcome; what is constant or has too few values is left out.

    The p-values are corrected for the number of tests (Benjamini & Hochberg).

    Args:
        characteristics: one row per observation, one column each.
        outcomes: the same rows.
    """
    pairs = [(outcome, name) for outcome in outcomes for name in characteristics]
    return corrected((*pair, rank_correlation(characteristics[pair[1]], outcomes[pair[0]])) for pair in pairs)


def corrected(found: Iterable[tuple[str, str, RankCorrelation | None]]) -> list[Tested]:
    """The correlations that there are, their p-values corrected for their number (Benjamini & Hochberg).

    Args:
        found: outcome, characteristic, and their correlation.
    """
    tests = [(outcome, name, correlation) for outcome, name, correlation in found if correlation is not None]
    p_values = correct_p_values([correlation.p_value for _, _, correlation in tests])
    return [Tested(*test, p_value) for test, p_value in zip(tests, p_values, strict=True)]


def summary(tests: Sequence[Tested], observations: int) -> str:
    """How many observations and tests there are, and what is left of these after the correction."""
    raw = sum(test.correlation.p_value < _LEVEL for test in tests)
    left = sum(test.corrected < _LEVEL for test in tests)
    by_chance = _LEVEL * len(tests)
    smallest = f"; the smallest corrected p is {format_p_value(min(t.corrected for t in tests))}" if tests else ""
    return (
        f"Observations: {observations}. Tests: {len(tests)}, of which {raw} have p < {_LEVEL} ({by_chance:.1f} would "
        f"be expected by chance alone), {left} after correction{smallest}."
    )


def correlation_table(tests: Sequence[Tested], outcomes: Sequence[str], characteristics: Sequence[str]) -> TextTable:
    """ρ of each pair, bold where the corrected p is below 0.05."""
    cells = {(test.outcome, test.characteristic): _cell(test) for test in tests}
    rows = tuple((outcome, *(cells.get((outcome, name), NOTHING) for name in characteristics)) for outcome in outcomes)
    title = f"Spearman's ρ, bold where the corrected p is below {_LEVEL}"
    return TextTable(title, ("", *characteristics), rows, num_names=1)


def strongest_table(tests: Sequence[Tested]) -> TextTable:
    """The tests with the smallest p."""
    rows = tuple(
        (
            test.outcome,
            test.characteristic,
            f"{test.correlation.rho:+.2f}",
            str(test.correlation.observations),
            format_p_value(test.correlation.p_value),
            format_p_value(test.corrected),
        )
        for test in sorted(tests, key=lambda test: test.correlation.p_value)[:_STRONGEST]
    )
    heads = ("", "with", "ρ", "observations", "p", "corrected")
    return TextTable(f"The {len(rows)} tests with the smallest p", heads, rows, num_names=2)


def _cell(test: Tested) -> str:
    text = f"{test.correlation.rho:+.2f}"
    return f"**{text}**" if test.corrected < _LEVEL else text
