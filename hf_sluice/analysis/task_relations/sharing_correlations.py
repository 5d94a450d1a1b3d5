"""What is known of tasks against what their models learned to share: α and β, and the overlap of masks.

Features of the main task, of the auxiliary one and their ratio are held against α and β. The overlap of two masks has
no direction: it is held against the mean of the two tasks' features and against their difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.correlation_tables import corrected, strongest_table, summary
from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN, RATIO
from hf_sluice.analysis.task_relations.pair_sharing import OVERLAP
from hf_sluice.analysis.task_relations.task_permutations import pair_correlations
from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from hf_sluice.analysis.correlation import RankCorrelation
    from hf_sluice.analysis.correlation_tables import Tested

    Combination = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

MEAN, DIFFERENCE = "mean of both", "difference of"
_LEVEL = 0.05


def _ratio(main: NDArray[np.float64], auxiliary: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(main, auxiliary, out=np.full_like(main, np.nan), where=auxiliary != 0)


_DIRECTED: Mapping[str, Combination] = {
    MAIN: lambda main, _auxiliary: main,
    AUXILIARY: lambda _main, auxiliary: auxiliary,
    RATIO: _ratio,
}
_SYMMETRIC: Mapping[str, Combination] = {
    MEAN: lambda one, other: (one + other) / 2,
    DIFFERENCE: lambda one, other: np.abs(one - other),
}


@dataclass(frozen=True, eq=False)
class SharingCorrelations:
    """Spearman's correlations of features of pairs with what was learned to share.

    Args:
        tests: those that could be made; p by :mod:`~hf_sluice.analysis.task_relations.task_permutations`, corrected by
            Benjamini & Hochberg over all of them.
        sharing: the outcomes, as :func:`pair_sharing` gives them.
    """

    tests: Sequence[Tested]
    sharing: pd.DataFrame

    def frame(self) -> pd.DataFrame:
        """One row per test: ``outcome``, ``feature``, ``rho``, ``p_value``, ``corrected``, ``observations`` (pairs)."""
        import pandas as pd

        rows = [
            (outcome, name, found.rho, found.p_value, p_value, found.observations)
            for outcome, name, found, p_value in self.tests
        ]
        return pd.DataFrame(rows, columns=["outcome", "feature", "rho", "p_value", "corrected", "observations"])

    def summary(self) -> str:
        """How many pairs and tests there are, and what is left of these after the correction."""
        return summary(self.tests, len(self.sharing))

    def strongest(self) -> TextTable:
        """The tests with the smallest p."""
        return strongest_table(self.tests)

    def table(self) -> TextTable:
        """ρ of every feature with every outcome, ``*`` where the corrected p is below 0.05, and the number of pairs."""
        cells = {(test.characteristic, test.outcome): test for test in self.tests}
        outcomes = list(dict.fromkeys(test.outcome for test in self.tests))
        features = list(dict.fromkeys(test.characteristic for test in self.tests))
        rows = [(name, *(_cell(cells.get((name, outcome))) for outcome in outcomes)) for name in features]
        title = f"Spearman's ρ over pairs of tasks (* corrected p below {_LEVEL})"
        pairs = [max(test.correlation.observations for test in self.tests if test.outcome == o) for o in outcomes]
        return TextTable(title, ("", *outcomes), (*rows, ("pairs", *(f"{number} " for number in pairs))), num_names=1)


def correlate_sharing(features: pd.DataFrame, sharing: pd.DataFrame) -> SharingCorrelations:
    """Correlates features of pairs with what was learned to share.

    Left out are pairs of which a task's feature or the outcome is not known, features or outcomes that do not vary,
    ratios to tasks whose feature is 0, and what fewer than four tasks speak of.

    Args:
        features: of tasks: index = task, a column per feature; NaN or None for what is not known.
        sharing: of pairs: as :func:`pair_sharing` gives it.

    Raises:
        UserError: no task of the pairs has features, or one has them twice.
    """
    if not features.index.is_unique:
        raise UserError(f"task {features.index[features.index.duplicated()][0]!r} has features twice")
    tasks = sorted({task for pair in sharing.index for task in pair})
    if not set(tasks) & set(features.index):
        known = ", ".join(map(str, features.index))
        raise UserError(f"there are no features of {', '.join(tasks)}; there are those of {known}")
    values = features.reindex(tasks).astype(float)
    return SharingCorrelations(corrected(_correlations(values, sharing)), sharing)


def _correlations(values: pd.DataFrame, sharing: pd.DataFrame) -> Iterator[tuple[str, str, RankCorrelation | None]]:
    directed = [column for column in sharing if column != OVERLAP]
    for outcomes in _known_together(sharing, directed):
        yield from _of_outcomes(values, sharing[outcomes].dropna(), _DIRECTED)
    if OVERLAP in sharing:
        overlap = sharing[[OVERLAP]].dropna()
        first, second = (overlap.index.get_level_values(level) for level in (MAIN, AUXILIARY))
        yield from _of_outcomes(values, overlap[first < second], _SYMMETRIC)


def _known_together(sharing: pd.DataFrame, columns: Sequence[str]) -> list[list[str]]:
    """Columns by the pairs that have them: what is known of the same pairs is tested with the same orders."""
    groups: dict[bytes, list[str]] = {}
    for column in columns:
        groups.setdefault(sharing[column].isna().to_numpy().tobytes(), []).append(column)
    return list(groups.values())


def _of_outcomes(
    values: pd.DataFrame, outcomes: pd.DataFrame, combinations: Mapping[str, Combination]
) -> Iterator[tuple[str, str, RankCorrelation | None]]:
    for name in values:
        is_known = values[name].notna()
        first, second = (outcomes.index.get_level_values(level) for level in (MAIN, AUXILIARY))
        whole = outcomes[is_known[first].to_numpy() & is_known[second].to_numpy()]
        pairs_P2 = np.array([values.index.get_indexer(whole.index.get_level_values(level)) for level in (0, 1)]).T
        for role, combine in combinations.items():
            found = pair_correlations(values[name].to_numpy(), pairs_P2, combine, whole.to_numpy().T)
            yield from ((str(of), f"{role} {name}", one) for of, one in zip(whole, found, strict=True))


def _cell(test: Tested | None) -> str:
    if test is None:
        return f"{NOTHING} "
    return f"{test.correlation.rho:+.2f}" + ("*" if test.corrected < _LEVEL else " ")
