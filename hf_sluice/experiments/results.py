"""The folder of an experiment's results: tables, report and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.experiments.collect import collect, write_collected

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.experiments.planning import PlannedExperiment
    from hf_sluice.experiments.store import RunStore


def write_experiment(planned: PlannedExperiment, store: RunStore, folder: Path) -> tuple[list[Path], int]:
    """Writes what the finished runs of an experiment came to.

    Args:
        planned: the experiment.
        store: where its runs are.
        folder: where to write; made if need be.

    Returns:
        The files, and how many points have no finished run.

    Raises:
        UserError: no run is finished, a run's results are damaged, or the folder cannot be written.
    """
    experiment = planned.experiment
    finished = [point for point in planned.points if store.is_finished(point)]
    if planned.points and not finished:
        raise UserError(
            f"{experiment.name}: none of its {len(planned.points)} runs is finished; there is no result yet"
        )
    collected = collect(experiment, finished, store)
    written = write_collected(collected, folder) if planned.points else []
    if experiment.report is not None:
        from hf_sluice.experiments.reports.write import write_report

        written += write_report(experiment, collected.results, collected.runs, folder)
    return written, len(planned.points) - len(finished)
