"""All tasks cut to the same sparsity: test score and overlap of the masks (Sparse Sharing, Figure 4)."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.experiments.reports.blocks import AVERAGE
from hf_sluice.experiments.reports.curves import curves, spread
from hf_sluice.experiments.reports.shares_by_run import shares_by_run
from hf_sluice.experiments.reports.sparsity_panels import sparsity_panels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.experiments.reports.curves import Curves
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord

_MEANING = (
    "Scores by which the tasks are judged, over all test sentences and in per cent; their mean over the tasks; and the "
    "overlap ratio of all tasks' masks, 0 to 1. Mean ± sample standard deviation over seeds. “Remaining” is what the "
    "subnets came to, those of the rounds nearest to the sparsity that was asked for."
)
_OVERLAP, _REMAINING = "overlap ratio", "remaining (%)"


def add_equal_sparsity(
    document: Document,
    lines: Mapping[str, Sequence[RunRecord]],
    sparsity_axis: str,
    tasks: Sequence[str],
    seeds: Sequence[int],
    results: pd.DataFrame,
    *,
    logarithmic: bool,
) -> None:
    """Adds table and picture.

    Args:
        document: where to.
        lines: the runs of each kind of search.
        sparsity_axis: the axis of the sparsities asked for.
        tasks: whose scores.
        seeds: of the experiment.
        results: of the experiment.
        logarithmic: whether sparsity is drawn so.

    Raises:
        UserError: a run has no masks, or scores are missing or cannot be averaged.
    """
    scores = shares_by_run(results, tasks).assign(average=lambda of: of.mean(axis=1, skipna=False))
    runs = pd.DataFrame(_runs(lines, sparsity_axis, scores))
    document.heading("All tasks at the same sparsity")
    document.paragraph(_MEANING)
    panels = {
        f"{AVERAGE} test score (%)": _curves(runs, AVERAGE, list(lines), seeds),
        _OVERLAP: _curves(runs, _OVERLAP, list(lines), seeds),
    }
    what = "average test score and overlap ratio of the masks over the share of weights that remain"
    document.picture(sparsity_panels(panels, logarithmic=logarithmic), "equal_sparsity", what)
    document.table(_table(runs, [*tasks, AVERAGE], seeds))


def _runs(
    lines: Mapping[str, Sequence[RunRecord]], sparsity_axis: str, scores: pd.DataFrame
) -> Iterator[dict[str, object]]:
    for line, records in lines.items():
        for record in records:
            if record.masks is None:
                raise UserError(
                    f"report: run {record.key} ({line}, seed {record.seed}) has no masks: no sparse sharing"
                )
            yield {
                "line": line,
                "asked": record.point[sparsity_axis],
                "seed": record.seed,
                _REMAINING: 100 * statistics.fmean(record.masks.sparsity.values()),
                _OVERLAP: record.masks.overlap,
                **(scores.loc[record.key] if record.key in scores.index else {}),
            }


def _curves(runs: pd.DataFrame, column: str, lines: Sequence[str], seeds: Sequence[int]) -> Curves:
    """Lines over the per cent of weights that remain, in the mean over seeds."""
    remaining = runs.groupby(["line", "asked"])[_REMAINING].mean()
    by_name = curves(runs, "line", "asked", column, lines, seeds)
    placed = {name: of.set_axis([remaining[name, asked] for asked in of.index]) for name, of in by_name.items()}
    return {name: of.sort_index() for name, of in placed.items()}


def _table(runs: pd.DataFrame, columns: Sequence[str], seeds: Sequence[int]) -> TextTable:
    """One row per kind of search and sparsity asked for."""
    rows = []
    for (line, asked), found in runs.groupby(["line", "asked"], sort=False):
        by_seed = found.set_index("seed").reindex(seeds)
        cells = [spread(by_seed[column], 2, len(seeds)) for column in columns]
        overlap = spread(by_seed[_OVERLAP], 3, len(seeds))
        rows.append((str(line), str(asked), f"{found[_REMAINING].mean():.1f}", *cells, overlap))
    return TextTable("", ("search", "sparsity", _REMAINING, *columns, _OVERLAP), tuple(rows), num_names=2)
