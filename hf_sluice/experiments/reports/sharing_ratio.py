"""The report of the synthetic experiment: what the main task draws from the auxiliary one, over the training sentences.

Latent MTL (Ruder et al. 2019), "A synthetic experiment", Figure 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ALL_DOMAINS
from hf_sluice.experiments.reports.curves import curve_figure, curve_table, curves
from hf_sluice.experiments.reports.measures import METRIC_NAMES
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hf_sluice.evaluation.tables import TextTable
    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.curves import Curves
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.settings import SharingRatioReport

_DEFINITION = (
    "A is the main task, B the auxiliary one. A ← B is the mean of |α| over all entries by which A's subspaces "
    "draw from B's, in all layers; A ← A, B ← A and B ← B likewise. The paper's α_BA/α_AA can be read in two ways. "
    "By the indices of its equation 1 it is (B ← A)/(A ← A): what the auxiliary task draws from the main one. By its "
    "text, the “relative importance of the auxiliary task”, and the indices of its equation 2 it is (A ← B)/(A ← A): "
    "what the main task draws from the auxiliary one. Both are shown. Where all α start with one value, all ratios "
    "start at 1."
)
_A, _B = 0, 1
_RATIOS = {
    "(A ← B)/(A ← A)": ((_A, _B), (_A, _A)),
    "(B ← A)/(A ← A)": ((_B, _A), (_A, _A)),
    "(B ← A)/(B ← B)": ((_B, _A), (_B, _B)),
}
_MAIN_RATIO = next(iter(_RATIOS))
_PICTURES = {"(A ← B)/(A ← A)": "main_from_auxiliary", "(B ← A)/(A ← A)": "auxiliary_from_main"}
_SIZE = "training sentences"


def add_sharing_ratio(
    document: Document,
    experiment: Experiment,
    settings: SharingRatioReport,
    results: pd.DataFrame,
    records: Sequence[RunRecord],
) -> None:
    """Adds tables and pictures.

    Raises:
        UserError: a run's networks are not those of the main task and one other, or there is no score of the main task.
    """
    ratios = _ratios(records, settings)
    document.heading("How much the main task draws from the auxiliary task")
    document.paragraph(f"{_DEFINITION} Mean ± sample standard deviation over seeds.")
    if settings.published is not None:
        document.paragraph(f"Published: {settings.published}")
    lines = {name: _curves(ratios, name, experiment, settings) for name in _RATIOS}
    for name, of_ratio in lines.items():
        document.table(_table(of_ratio, name, experiment, settings))
    if len(experiment.axes[settings.size_axis]) > 1:
        for name, file in _PICTURES.items():
            figure = curve_figure(lines[name], _SIZE, name, logarithmic=True, level=1.0)
            document.picture(figure, file, f"{name} over {_SIZE}")
    for layer in (column for column in ratios if column.startswith("layer ")):
        of_layer = _curves(ratios, layer, experiment, settings)
        document.table(_table(of_layer, f"{_MAIN_RATIO}, {layer}", experiment, settings))
    _add_scores(document, experiment, settings, results)


def _ratios(records: Sequence[RunRecord], settings: SharingRatioReport) -> pd.DataFrame:
    """One row per run: its axes' values and seed, the ratios, and the first of them layer by layer."""
    rows = []
    for record in records:
        drawn_KNN = _drawn(record, settings.main_task)
        whole_NN = drawn_KNN.mean(axis=0)
        rows.append(
            {
                **record.point,
                "seed": record.seed,
                **{name: _ratio(whole_NN, *entries) for name, entries in _RATIOS.items()},
                **{f"layer {k + 1}": _ratio(layer_NN, *_RATIOS[_MAIN_RATIO]) for k, layer_NN in enumerate(drawn_KNN)},
            }
        )
    return pd.DataFrame(rows)


def _drawn(record: RunRecord, main_task: str) -> NDArray[np.float64]:
    """Mean |α| between the main task's network and the other one, the main task's first; (K, 2, 2)."""
    networks = record.sharing.networks
    if main_task not in networks or len(networks) != 2:  # noqa: PLR2004
        found = ", ".join(networks)
        raise UserError(f"report: sharing_ratio needs runs of {main_task!r} and one other network, not of {found}")
    order = [networks.index(main_task), 1 - networks.index(main_task)]
    return record.sharing.block_means()[:, order][:, :, order]


def _ratio(drawn_NN: NDArray[np.float64], above: tuple[int, int], below: tuple[int, int]) -> float:
    return float(drawn_NN[above] / drawn_NN[below]) if drawn_NN[below] else float("nan")


def _curves(table: pd.DataFrame, column: str, experiment: Experiment, settings: SharingRatioReport) -> Curves:
    sizes = table.assign(x=table[settings.size_axis].astype(int))
    return curves(sizes, settings.line_axis, "x", column, list(experiment.axes[settings.line_axis]), experiment.seeds)


def _table(
    lines: Curves, title: str, experiment: Experiment, settings: SharingRatioReport, digits: int = 3
) -> TextTable:
    sizes = [int(size) for size in experiment.axes[settings.size_axis]]
    return curve_table(lines, sizes, digits, title, f"{settings.line_axis} \\ {settings.size_axis}")


def _add_scores(
    document: Document, experiment: Experiment, settings: SharingRatioReport, results: pd.DataFrame
) -> None:
    scores = results[(results["split"] == "test") & (results["domain"] == ALL_DOMAINS)]
    scores = scores[scores["task"] == settings.main_task]
    if scores.empty:
        raise UserError(f"report: no test scores of task {settings.main_task!r}")
    metric = TaskMetric(scores["metric"].iloc[0])
    scale, unit, digits = (100, " in per cent", 2) if metric.is_share else (1, "", 4)
    lines = _curves(scores.assign(score=scale * scores["value"].astype(float)), "score", experiment, settings)
    what = f"{METRIC_NAMES[metric]} of {settings.main_task} on all test sentences{unit}"
    document.heading("The main task's score")
    document.table(_table(lines, what.capitalize(), experiment, settings, digits))
    if len(experiment.axes[settings.size_axis]) > 1:
        document.picture(curve_figure(lines, _SIZE, what, logarithmic=True), "scores", f"{what} over {_SIZE}")
