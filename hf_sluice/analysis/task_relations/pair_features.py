"""Features of directed pairs of tasks: of the main task, of the auxiliary one, and the first over the second.

Bingel & Søgaard 2017, section 4. A table of task features has a row per task and a column per feature; a table of pairs
has a row per pair, indexed by ``(main, auxiliary)``, and the columns ``main <feature>``, ``auxiliary <feature>`` and
``main/auxiliary <feature>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    Pair: TypeAlias = tuple[str, str]

MAIN, AUXILIARY, RATIO = "main", "auxiliary", "main/auxiliary"
ROLES = (MAIN, AUXILIARY, RATIO)


@dataclass(frozen=True, eq=False)
class PairFeatures:
    """Features of pairs.

    Args:
        table: index ``(main, auxiliary)``, three columns per feature; NaN for what is not known.
        problems: what is not known, one line each.
    """

    table: pd.DataFrame
    problems: list[str]

    @property
    def known(self) -> list[str]:
        """The columns that every pair has a value in."""
        return list(self.table.columns[self.table.notna().all()])


def all_pairs(tasks: Iterable[str]) -> list[Pair]:
    """Every directed pair of two different tasks."""
    tasks = list(tasks)
    return [(main, auxiliary) for main in tasks for auxiliary in tasks if main != auxiliary]


def pair_columns(names: Iterable[str]) -> list[str]:
    """The columns of pairs that features of tasks make: first all of the main task."""
    names = list(names)
    return [f"{role} {name}" for role in ROLES for name in names]


def pair_features(features: pd.DataFrame, names: Sequence[str], pairs: Sequence[Pair]) -> PairFeatures:
    """Puts the features of tasks together, pair by pair.

    A ratio whose denominator is 0 is not known, and told.

    Args:
        features: of tasks; NaN or None for what is not known.
        names: the features to take, 14 in the paper.
        pairs: the pairs.

    Raises:
        UserError: there is no pair, a task has no features, or there is no such feature.
    """
    import pandas as pd

    _check(features, names, pairs)
    values = features.loc[:, list(names)].astype(float)
    main, auxiliary = (values.loc[[pair[place] for pair in pairs]].to_numpy() for place in (0, 1))
    unknown = pd.DataFrame(auxiliary == 0, columns=list(names))
    with_nan = pd.DataFrame(auxiliary, columns=list(names)).mask(unknown)
    parts = (main, auxiliary, main / with_nan.to_numpy())
    index = pd.MultiIndex.from_tuples(pairs, names=[MAIN, AUXILIARY])
    tables = [
        pd.DataFrame(part, index=index, columns=[f"{role} {name}" for name in names])
        for role, part in zip(ROLES, parts, strict=True)
    ]
    return PairFeatures(pd.concat(tables, axis=1), _problems(values, names, pairs))


def _check(features: pd.DataFrame, names: Sequence[str], pairs: Sequence[Pair]) -> None:
    if not pairs:
        raise UserError("there is no pair of two tasks; at least two tasks are needed")
    for name in names:
        if name not in features:
            raise UserError(f"there is no feature {name!r} of the tasks; there is {', '.join(features.columns)}")
    if not features.index.is_unique:
        raise UserError(f"task {features.index[features.index.duplicated()][0]!r} has features twice")
    for task in dict.fromkeys(task for pair in pairs for task in pair):
        if task not in features.index:
            raise UserError(f"there are no features of task {task!r}; there are those of {', '.join(features.index)}")


def _problems(values: pd.DataFrame, names: Sequence[str], pairs: Sequence[Pair]) -> list[str]:
    tasks = dict.fromkeys(task for pair in pairs for task in pair)
    auxiliary = dict.fromkeys(pair[1] for pair in pairs)
    unknown = values.loc[list(tasks)].isna()
    missing = [f"task {task!r}: {name} is not known" for task in tasks for name in names if unknown.loc[task, name]]
    zero = [
        f"task {task!r}: {name} is 0, and {RATIO} {name} is not known where it is the auxiliary task"
        for task in auxiliary
        for name in names
        if values.loc[task, name] == 0 and not unknown[name].any()
    ]
    return missing + zero
