"""The report of how well systems fit noise: the training loss of a task whose labels are random, epoch by epoch.

Sluice (Ruder et al. 2017), "Ability to Fit Noise", Figure 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.experiments.reports.curves import curve_figure, curve_table, curves, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.curves import Curves
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.settings import LearningCurvesReport

_MEANING = (
    "The loss is the mean cross-entropy in nats per token of task {task}, averaged over the batches of an epoch "
    "while it is trained (so with noise and dropout, where the recipe has them). A lower loss fits the random "
    "labels better; what a system that knew but their frequencies would reach is their entropy{entropy}. The "
    "paper's Figure 3 shows accuracies."
)
_NATS_PER_BIT = 0.6931471805599453
_DIGITS = 3
_SHOWN_EPOCHS = 8


def add_learning_curves(
    document: Document, experiment: Experiment, settings: LearningCurvesReport, records: Sequence[RunRecord]
) -> None:
    """Adds tables and the picture.

    Raises:
        UserError: no run has a loss of the task.
    """
    losses = pd.DataFrame(_losses(records, settings), columns=["system", "seed", "epoch", "loss"])
    if losses.empty:
        raise UserError(f"report: no run has training losses of task {settings.task!r}")
    lines = curves(losses, "system", "epoch", "loss", list(experiment.axes[settings.system_axis]), experiment.seeds)
    document.heading(f"Training loss of {settings.task}")
    document.paragraph(_MEANING.format(task=settings.task, entropy=_entropy(records, settings.task)))
    if settings.published is not None:
        document.paragraph(f"Published: {settings.published}")
    document.picture(
        curve_figure(lines, "epoch", f"training loss of {settings.task} (nats)"),
        "learning_curves",
        f"training loss of {settings.task} over epochs: mean and standard deviation over seeds",
    )
    places = _shown(sorted(losses["epoch"].unique()))
    title = "Loss after epochs, mean ± sample standard deviation over seeds"
    document.table(curve_table(lines, places, _DIGITS, title, f"{settings.system_axis} \\ epoch"))
    document.table(_ends(lines, settings.system_axis))


def _losses(records: Sequence[RunRecord], settings: LearningCurvesReport) -> Iterator[tuple[str, int, int, float]]:
    for record in records:
        for epoch in record.curve:
            loss = epoch.losses.get(settings.task)
            if loss is not None:
                yield record.point[settings.system_axis], record.seed, epoch.epoch + 1, loss


def _entropy(records: Sequence[RunRecord], task: str) -> str:
    name = f"label entropy of {task}"
    found = [r.characteristics[name] for r in records if r.characteristics and r.characteristics.get(name) is not None]
    return f", {_NATS_PER_BIT * found[0]:.{_DIGITS}f} nats" if found and found[0] is not None else ""


def _shown(epochs: Sequence[int]) -> list[int]:
    """Some epochs at equal distances, the first and the last among them."""
    if len(epochs) <= _SHOWN_EPOCHS:
        return list(epochs)
    steps = _SHOWN_EPOCHS - 1
    return [epochs[round(step * (len(epochs) - 1) / steps)] for step in range(_SHOWN_EPOCHS)]


def _ends(lines: Curves, axis: str) -> TextTable:
    """What each run came to: its last loss and its lowest."""
    rows = tuple(
        (name, spread(_last(values), _DIGITS, values.shape[1]), spread(values.min(), _DIGITS, values.shape[1]))
        for name, values in lines.items()
    )
    return TextTable("Loss at the end", (axis, "last epoch", "lowest"), rows, num_names=1)


def _last(values: pd.DataFrame) -> pd.Series:
    return values.apply(lambda losses: losses.dropna().iloc[-1] if losses.notna().any() else float("nan"))
