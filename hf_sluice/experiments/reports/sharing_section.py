"""α and β of an experiment's runs, averaged: pictures, and tables with their spread.

Shape letters: R runs, M tasks, K layers, N networks, U rows and columns of α.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hf_sluice.analysis.alpha_heat_maps import alpha_heat_maps
from hf_sluice.analysis.beta_bars import beta_bars
from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.experiments.reports.curves import spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hf_sluice.analysis.sharing_tables import Sharing
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.finished import FinishedExperiment
    from hf_sluice.experiments.reports.records import RunRecord

_DIGITS = 3


def add_sharing(document: Document, experiment: FinishedExperiment, records: Sequence[RunRecord]) -> None:
    """Adds a section on some runs of one system.

    Args:
        document: where to.
        experiment: theirs.
        records: the runs.

    Raises:
        UserError: a run is not one of a sluice network, or the runs differ in their tasks or sizes, so that there are
            no means of α and β.
    """
    sharings = [record.sharing for record in records]
    if len({(sharing.tasks, sharing.num_subspaces, sharing.alpha.shape) for sharing in sharings}) > 1:
        raise UserError(f"report: the runs of {experiment.name} differ in their tasks or sizes; α has no mean")
    document.heading(experiment.name, 3)
    document.paragraph(f"Means over {len(records)} runs (all seeds and training data).")
    layers = [f"layer {layer + 1}" for layer in range(sharings[0].beta.shape[1])]
    _add_alpha(document, experiment.name, sharings, layers)
    _add_beta(document, experiment.name, sharings, layers)


def _add_alpha(document: Document, name: str, sharings: Sequence[Sharing], layers: Sequence[str]) -> None:
    networks = sharings[0].networks
    alpha_KUU = np.mean([sharing.alpha for sharing in sharings], axis=0)
    figure = alpha_heat_maps(alpha_KUU, networks, title=f"{name}: α, target ← source")
    document.picture(figure, f"alpha_{name}", f"α of {name}, layer by layer: rows draw from columns")
    drawn_RKNN = np.stack([sharing.block_means() for sharing in sharings])
    rows = {
        f"{target} ← {source}": drawn_RKNN[:, :, i, j]
        for i, target in enumerate(networks)
        for j, source in enumerate(networks)
    }
    document.table(_table("Mean |α| between tasks (target ← source)", layers, rows))


def _add_beta(document: Document, name: str, sharings: Sequence[Sharing], layers: Sequence[str]) -> None:
    tasks = sharings[0].tasks
    beta_RMK = np.stack([sharing.beta for sharing in sharings])
    deviation_MK = beta_RMK.std(axis=0, ddof=1) if len(sharings) > 1 else None
    figure = beta_bars(beta_RMK.mean(axis=0), tasks, deviation_MK, title=f"{name}: β, task reads layer")
    document.picture(figure, f"beta_{name}", f"β of {name}: how much each task reads of each layer")
    rows = {task: beta_RMK[:, m] for m, task in enumerate(tasks)}
    document.table(_table("β: task reads layer", layers, rows))


def _table(title: str, layers: Sequence[str], rows: dict[str, NDArray[np.float64]]) -> TextTable:
    """Mean ± standard deviation over runs; rows are (R, K)."""
    cells = tuple(
        (name, *(spread(pd.Series(values), _DIGITS, len(values)) for values in values_RK.T))
        for name, values_RK in rows.items()
    )
    return TextTable(title, ("", *layers), cells, num_names=1)
