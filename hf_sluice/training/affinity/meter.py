"""Affinity between tasks (TAG: Fifty, Amid, Zhao, Yu, Anil & Finn 2021, equation 1).

Z_ij = 1 − L_j(θ_i) / L_j, where θ_i is the model after a step on the parameters that tasks share with the gradient of
task i alone. Positive: what helps i helps j at that moment. In words of the task relations, i is the auxiliary task and
j the main task; Z_ii says how far a task's own step goes.

As in the equation, the step is one of plain gradient descent (no momentum or other memory of the run's optimiser, whose
earlier gradients are those of all tasks), at the learning rate of the run, with gradients shortened as in training.
(The authors' published program divides Z by that rate; here it does not enter.) L is the training loss, noise and
dropout included, the same before and after. λ does not weight it.

Shared are all parameters but those of the heads: word and character embeddings, all networks, α, β. Of these a task may
have some to itself (its row of β; networks that no other task draws from); their steps show in Z_ii alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import torch
from torch.func import functional_call

from hf_sluice.training.optimization import learning_rate
from hf_sluice.training.step import step_seed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.training.affinity.probes import ProbePlanner
    from hf_sluice.training.affinity.settings import AffinitySettings
    from hf_sluice.training.processes import Processes
    from hf_sluice.training.progress import TrainingProgress
    from hf_sluice.training.sampling import Step
    from hf_sluice.training.settings import TrainingSettings
    from hf_sluice.training.step import StepBatch, StepTrainer

Affinity: TypeAlias = dict[str, dict[str, float]]
"""Z by source and target."""

_NO_DIVISION_BY_ZERO = 1e-6  # as in torch.nn.utils.clip_grad_norm_


class AffinityMeter:
    """Looks ahead of steps. The model's parameters are read, never written.

    Args:
        model: the tagger, as it is trained, not wrapped.
        steps: makes batches.
        probes: chooses them.
        settings: how the run is trained.
        affinity: how affinity is measured.
        processes: those that train the model; all of them measure together, each its share of every batch.
        seed: of noise.
    """

    def __init__(
        self,
        model: TaggerForTokenClassification,
        steps: StepTrainer,
        probes: ProbePlanner,
        settings: TrainingSettings,
        affinity: AffinitySettings,
        processes: Processes,
        seed: int,
    ) -> None:
        self._model = model
        self._steps = steps
        self._probes = probes
        self._settings = settings
        self._affinity = affinity
        self._processes = processes
        self._seed = seed
        shared = f"{model.base_model_prefix}."
        self._shared = {n: p for n, p in model.named_parameters() if n.startswith(shared) and p.requires_grad}

    def measure(self, step: Step, progress: TrainingProgress) -> Affinity | None:
        """Z ahead of a step, None where it is not the turn of one.

        Tasks without labels in the batch are left out, and so are targets whose loss is 0 or not finite.
        """
        if (progress.step + 1) % self._affinity.steps:
            return None
        number = progress.step // self._affinity.steps
        rate = self._affinity.learning_rate or self._rate(progress)
        noise = step_seed(self._seed, progress.step, self._processes.process_index)
        batches = [self._steps.batch(probe) for probe in self._probes.probes(step, number)]
        before = self._losses(batches, self._shared, noise)
        found: Affinity = {}
        for batch in batches:
            for source in batch.labelled:
                moved = self._moved(batch, source, rate, noise)
                found[source] = _relative_falls(before, self._losses(batches, moved, noise))
        return found

    def _rate(self, progress: TrainingProgress) -> float:
        return learning_rate(self._settings, progress.epoch, progress.step, progress.total_steps)

    def _moved(self, batch: StepBatch, source: str, rate: float, noise: int) -> dict[str, Tensor]:
        """The shared parameters after a step on one task."""
        gradients = self._gradients(batch, source, noise)
        length = rate
        if self._settings.max_grad_norm is not None:
            norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients]))
            length *= min(1.0, self._settings.max_grad_norm / (norm.item() + _NO_DIVISION_BY_ZERO))
        return {
            name: parameter.detach() - length * gradient
            for (name, parameter), gradient in zip(self._shared.items(), gradients, strict=True)
        }

    def _gradients(self, batch: StepBatch, source: str, noise: int) -> list[Tensor]:
        """∇L of one task on the shared parameters, over all pieces and processes."""
        parameters = list(self._shared.values())
        total = [torch.zeros_like(parameter) for parameter in parameters]
        torch.manual_seed(noise)
        for piece in batch.pieces:
            loss = self._model(**piece).losses[source]
            parts = torch.autograd.grad(loss, parameters, materialize_grads=True)
            total = [sum_so_far + part for sum_so_far, part in zip(total, parts, strict=True)]
        return [self._processes.reduce(gradient, "mean") for gradient in total]

    @torch.no_grad()
    def _losses(self, batches: Sequence[StepBatch], parameters: Mapping[str, Tensor], noise: int) -> dict[str, float]:
        """The losses of all tasks on their batches with other values of the shared parameters."""
        losses: dict[str, Tensor] = {}
        for batch in batches:
            torch.manual_seed(noise)
            for piece in batch.pieces:
                of_piece = functional_call(self._model, dict(parameters), (), piece).losses
                for task in batch.labelled:
                    losses[task] = losses[task] + of_piece[task] if task in losses else of_piece[task]
        over_all = self._processes.reduce(torch.stack(list(losses.values())).float(), "mean")
        return dict(zip(losses, over_all.tolist(), strict=True))


def _relative_falls(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    falls = {task: 1 - after[task] / loss for task, loss in before.items() if loss > 0}
    return {task: fall for task, fall in falls.items() if abs(fall) < torch.inf}
