"""Losses of a few parameters, in place of a model's."""

import torch
from accelerate import Accelerator

from hf_sluice.tasks import Task
from hf_sluice.training.objectives.objective import StepLosses

NO_PENALTY = torch.zeros(())


def accelerator():
    return Accelerator(cpu=True)


def tasks_of(*weights, regression=()):
    """Tasks a, b, c, … with weights λ; those at the places in ``regression`` predict numbers."""
    return [
        Task("abcdef"[i], kind="regression", metric="mean_squared_error", weight=weight)
        if i in regression
        else Task("abcdef"[i], ("X", "Y"), weight=weight)
        for i, weight in enumerate(weights)
    ]


def step_of(*values, penalty=NO_PENALTY, labelled=None):
    """The losses of a step: of tasks a, b, c, …; by default the batch has labels of all of them."""
    losses = dict(zip("abcdef", (torch.as_tensor(value, dtype=torch.float32) for value in values), strict=False))
    return StepLosses(losses, penalty, list(losses) if labelled is None else labelled)


def parameter(*values):
    return torch.nn.Parameter(torch.tensor(values, dtype=torch.float32))
