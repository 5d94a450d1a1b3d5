"""The report of overlap against gain: pairs of tasks, sparse against hard sharing (Sparse Sharing, Table 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.reports.curves import spread
from hf_sluice.experiments.reports.overlap_correlation import correlation_text
from hf_sluice.experiments.reports.overlap_figure import overlap_figure
from hf_sluice.experiments.reports.shares_by_run import shares_by_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.sparse_settings import OverlapGainReport, PublishedPair

_MEANING = (
    "Overlap ratio: weights in both tasks' masks over weights in either, 0 to 1. Average: the mean of the two tasks' "
    "scores (those by which they are judged) over all test sentences, in per cent. Δ: by how much it is above that of "
    "{baseline} after training with the same seed. Mean ± sample standard deviation over seeds."
)


def add_overlap_gain(
    document: Document,
    experiment: Experiment,
    settings: OverlapGainReport,
    results: pd.DataFrame,
    records: Sequence[RunRecord],
) -> None:
    """Adds table and picture, and how the two go together.

    Raises:
        UserError: a run is not one of two tasks, one to compare has no masks, or scores are missing or no shares.
    """
    averages = _by_pair(experiment, settings, records, _averages(results, records))
    overlaps = _by_pair(experiment, settings, records, _overlaps(settings, records)).drop(columns=settings.baseline)
    gains = averages.drop(columns=settings.baseline).sub(averages[settings.baseline], axis="index")
    published = {} if settings.published is None else settings.published.pairs
    document.heading("Overlap of masks and gain")
    document.paragraph(_MEANING.format(baseline=settings.baseline))
    if settings.published is not None:
        document.paragraph(f"Published: {settings.published.source}.")
    document.table(_table(settings.baseline, overlaps, averages, gains, published))
    figure = overlap_figure(overlaps, gains, published, f"gain over {settings.baseline} (percentage points)")
    document.picture(
        figure, "overlap_gain", f"gain over {settings.baseline} against the overlap ratio of two tasks' masks"
    )
    document.items([f"{system}: {correlation_text(overlaps[system], gains[system])}" for system in gains])


def _by_pair(
    experiment: Experiment, settings: OverlapGainReport, records: Sequence[RunRecord], values: Sequence[float]
) -> pd.DataFrame:
    """One row per pair and seed, one column per system, NaN where a run is missing."""
    places = [(r.point[settings.pair_axis], r.seed, r.point[settings.system_axis]) for r in records]
    table = pd.Series(values, index=pd.MultiIndex.from_tuples(places, names=["pair", "seed", "system"])).unstack(
        "system"
    )
    whole = pd.MultiIndex.from_product([experiment.axes[settings.pair_axis], experiment.seeds], names=["pair", "seed"])
    return table.reindex(index=whole, columns=list(experiment.axes[settings.system_axis]))


def _averages(results: pd.DataFrame, records: Sequence[RunRecord]) -> list[float]:
    """The mean of each run's two scores."""
    for record in records:
        if len(record.tasks) != 2:  # noqa: PLR2004 - a pair
            raise UserError(f"report: overlap_gain needs runs of two tasks, not of {', '.join(record.tasks)}")
    scores = shares_by_run(results, dict.fromkeys(task for record in records for task in record.tasks))
    return [float(scores.loc[record.key, record.tasks].mean(skipna=False)) for record in records]


def _overlaps(settings: OverlapGainReport, records: Sequence[RunRecord]) -> list[float]:
    found = []
    for record in records:
        if record.masks is None and record.point[settings.system_axis] != settings.baseline:
            place = ", ".join(record.point.values())
            raise UserError(f"report: run {record.key} ({place}, seed {record.seed}) has no masks: no sparse sharing")
        found.append(float("nan") if record.masks is None else record.masks.overlap)
    return found


def _table(
    baseline: str,
    overlaps: pd.DataFrame,
    averages: pd.DataFrame,
    gains: pd.DataFrame,
    published: Mapping[str, PublishedPair],
) -> TextTable:
    """One row per pair and system, and one for what was published of the pair."""
    rows = []
    for pair in gains.index.unique("pair"):
        for system in gains:
            overlap, gain = overlaps.loc[pair, system], gains.loc[pair, system]
            both = (averages.loc[pair, name] for name in (baseline, system))
            cells = (spread(values, 2, len(values)) for values in both)
            rows.append((pair, str(system), spread(overlap, 3, len(overlap)), *cells, spread(gain, 2, len(gain), "+")))
        if pair in published:
            of_paper = published[pair]
            rows.append((pair, "published", f"{of_paper.overlap:.2f}", NOTHING, NOTHING, f"{of_paper.gain:+.2f}"))
    heads = ("", "", "overlap ratio", f"average of {baseline}", "average", "Δ")
    return TextTable("", heads, tuple(rows), num_names=2)
