"""α and β of an experiment's runs, averaged: pictures, and tables with their spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hf_sluice.evaluation.tables import TextTable
from hf_sluice.experiments.reports.curves import spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.finished import FinishedExperiment
    from hf_sluice.experiments.reports.records import RunRecord

_DIGITS = 3


def add_sharing(document: Document, experiment: FinishedExperiment, records: Sequence[RunRecord]) -> None:
    """Adds a section on some runs of one system.

    Args:
        document: where to.
        experiment: theirs.
        records: the runs; their tasks and sizes are the same.
    """
    first = records[0].sharing
    layers = [f"layer {layer + 1}" for layer in range(first.beta.shape[1])]
    document.heading(experiment.name, 3)
    document.paragraph(f"Means over {len(records)} runs (all seeds and training data).")
    drawn_RKNN = np.stack([record.sharing.block_means() for record in records])
    pairs = {
        f"{target} ← {source}": drawn_RKNN[:, :, i, j]
        for i, target in enumerate(first.networks)
        for j, source in enumerate(first.networks)
    }
    document.table(_table("Mean |α| between tasks (target ← source)", layers, pairs))
    beta_RMK = np.stack([record.sharing.beta for record in records])
    of_tasks = {task: beta_RMK[:, m] for m, task in enumerate(first.tasks)}
    document.table(_table("β: task reads layer", layers, of_tasks))


def _table(title: str, layers: Sequence[str], rows: dict[str, NDArray[np.float64]]) -> TextTable:
    """Mean ± standard deviation over runs; rows are (R, K)."""
    cells = tuple(
        (name, *(spread(pd.Series(values), _DIGITS, len(values)) for values in values_RK.T))
        for name, values_RK in rows.items()
    )
    return TextTable(title, ("", *layers), cells, num_names=1)
