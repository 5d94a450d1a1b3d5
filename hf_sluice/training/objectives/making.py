"""The objective that the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.training.objectives.aggregation import GradientAggregation, make_aggregator
from hf_sluice.training.objectives.dwa import DynamicWeightAverage
from hf_sluice.training.objectives.famo import FastAdaptiveWeights
from hf_sluice.training.objectives.fixed import FixedWeights
from hf_sluice.training.objectives.uncertainty import Uncertainty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from hf_sluice.tasks import Task
    from hf_sluice.training.objectives.objective import Objective
    from hf_sluice.training.objectives.settings import ObjectiveSettings
    from hf_sluice.training.processes import Processes


def make_objective(
    settings: ObjectiveSettings, tasks: Sequence[Task], processes: Processes, model: nn.Module
) -> Objective:
    """The objective of the settings.

    Args:
        settings: which one.
        tasks: all tasks.
        processes: those that train the model.
        model: what is trained.

    Raises:
        UserError: a library is not installed, or the objective does not work with several processes.
    """
    if settings.name == "fixed":
        return FixedWeights(tasks, processes)
    if settings.name == "uncertainty":
        return Uncertainty(tasks, processes)
    if settings.name == "dwa":
        return DynamicWeightAverage(tasks, processes, settings.option("temperature"))
    if settings.name == "famo":
        return FastAdaptiveWeights(tasks, processes, settings.option("learning_rate"), settings.option("decay"))
    if processes.num_processes > 1:
        raise UserError(
            f"training.objective: {settings.name} works with one process, not with {processes.num_processes}; "
            "fixed, uncertainty, dwa and famo work with several"
        )
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return GradientAggregation(tasks, processes, parameters, make_aggregator(settings))
