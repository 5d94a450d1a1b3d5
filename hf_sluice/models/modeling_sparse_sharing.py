"""Sparse sharing (Sun, Shao, Li, Liu, Yan, Qiu & Huang 2020): each task sees its subnet of one base network.

Departures from the authors' published program, which differs from their paper, are on the side of the paper: what is
masked is part of the model, so that no gradient ever reaches it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from .configuration_sparse_sharing import SparseSharingConfig
from .mask_plan import MaskPlan, plan_masks
from .maskable_parameters import stage_prefix
from .modeling_tagger import TaggerForTokenClassification
from .modeling_tagger_base import TaggerModel, TaggerPreTrainedModel, asked_tasks, sentence_lengths
from .parallel_lstm import ParallelBiLSTM
from .saved_masks import check_saved_masks
from .subnet_part import part_of_subnets
from .task_masks import TaskMasks
from .time_reversal import TimeReversal

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from .model_part import ModelPart


class SparseSharingPreTrainedModel(TaggerPreTrainedModel):
    """What both models share: configuration, initial values, and a look at the masks that were loaded."""

    config: SparseSharingConfig
    config_class = SparseSharingConfig
    base_model_prefix = "sparse_sharing"

    @classmethod
    def check_saved(cls, name_or_path: str | os.PathLike[str], source: Mapping[str, Any]) -> None:
        """Raises ValueError if masks were saved as anything but packed bits: loading would convert it."""
        check_saved_masks(name_or_path, source)

    def check_loaded(self) -> None:
        """Raises ValueError if what was loaded is no mask of these shapes."""
        for module in self.modules():
            if isinstance(module, TaskMasks):
                module.check()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, TaskMasks):
            module.reset_parameters()
        else:
            super()._init_weights(module)


class SparseSharingModel(SparseSharingPreTrainedModel, TaggerModel):  # type: ignore[misc]
    """The base network without heads: shared input, K BiLSTM layers, seen through one mask per task.

    Fresh masks keep every weight, which is hard sharing.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: SparseSharingConfig) -> None:
        super().__init__(config)
        widths = [self.words.output_size] + [2 * config.hidden_size] * (config.num_layers - 1)
        self.layers = nn.ModuleList(
            ParallelBiLSTM(1, width, config.hidden_size, config.recurrent_backend) for width in widths
        )
        self.task_masks = TaskMasks(config)
        self._plans: dict[tuple[int, ...], MaskPlan] = {}
        self._factors: dict[tuple[int, int], dict[str, Tensor]] = {}
        self._worked_out_for: tuple[int, torch.dtype] | None = None
        self.post_init()

    @property
    def masks(self) -> dict[str, dict[str, Tensor]]:
        """Per task and masked parameter, by its name in this model, True where the task uses the weight."""
        return {task: self.task_masks.of_task(task) for task in self.task_masks.tasks}

    def set_masks(self, masks: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Gives tasks their masks; tasks that are not named keep theirs.

        Args:
            masks: per task and masked parameter a mask of the parameter's shape, of 0 and 1 or bool.

        Raises:
            ValueError: what is given is no mask of this model; the message says where.
        """
        self.task_masks.set(masks)

    def subnet(self, tasks: Sequence[str]) -> dict[str, Tensor]:
        """The weights that belong to some tasks, where these are not all.

        Args:
            tasks: names.

        Returns:
            For each parameter, by its name, of which the tasks use a part only: True where at least one uses it.
        """
        rows = [self.config.task_index(name) for name in tasks]
        unions = {name: self.task_masks[name][rows].any(0) for name in self.task_masks.shapes}
        return {name: union for name, union in unions.items() if not bool(union.all())}

    def part(self, tasks: Sequence[str]) -> ModelPart:
        """The layers that some tasks run through, with the weights and the masks of their subnets."""
        return part_of_subnets(self.state_dict(), self.task_masks, tasks)

    def states(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        tasks: Sequence[str] | None = None,
    ) -> Iterator[Tensor]:
        """For each task asked for the output of its subnet, E(x; M_t ⊙ θ).

        What subnets have in common from the words on is computed once.
        """
        plan = self._plan(tuple(self.config.task_index(name) for name in asked_tasks(self.config, tasks)))
        reversal = TimeReversal(sentence_lengths(input_ids, attention_mask), input_ids.shape[1])
        inputs = self.words(input_ids, char_ids, char_index, [self._masks_of(0, task) for task in plan.tasks[0]])
        outputs: dict[tuple[int, int], Tensor] = {}
        for number, path in enumerate(plan.paths):
            for stage, network in enumerate(path):
                if (stage, network) in outputs:
                    continue
                if stage == 0:
                    outputs[stage, network] = self.perturb_input(next(inputs))
                else:
                    read, masks = outputs[stage - 1, path[stage - 1]], self._masks_of(stage, plan.tasks[stage][network])
                    (outputs[stage, network],) = self.layers[stage - 1]([read], reversal, masks=masks)
            yield outputs[len(path) - 1, path[-1]].transpose(0, 1)
            needed = plan.needed_after(number)
            outputs = {place: output for place, output in outputs.items() if place in needed}

    def _plan(self, tasks: tuple[int, ...]) -> MaskPlan:
        self._forget_if_changed()
        if tasks not in self._plans:
            self._plans[tasks] = plan_masks(self.task_masks, tasks)
        return self._plans[tasks]

    def _masks_of(self, stage: int, task: int) -> dict[str, Tensor]:
        """What to multiply parameters of a stage by, by their names in it; nothing where they are kept whole."""
        if (stage, task) not in self._factors:
            prefix = stage_prefix(stage)
            with torch.inference_mode(mode=False):  # they may be needed for gradients later
                # As numbers of the weights' type: bool would be converted in every pass.
                masks = {name: self.task_masks[name][task].to(self.dtype) for name in self.task_masks.names_of(prefix)}
            self._factors[stage, task] = {
                name.removeprefix(prefix): mask for name, mask in masks.items() if not bool(mask.all())
            }
        return self._factors[stage, task]

    def _forget_if_changed(self) -> None:
        current = (self.task_masks.generation, self.dtype)
        if self._worked_out_for != current:
            self._plans.clear()
            self._factors.clear()
            self._worked_out_for = current


class SparseSharingForTokenClassification(SparseSharingPreTrainedModel, TaggerForTokenClassification):  # type: ignore[misc]
    """A base network seen through one mask per task, with a head per task.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: SparseSharingConfig) -> None:
        super().__init__(config, SparseSharingModel(config))
        self.sparse_sharing: SparseSharingModel

    @property
    def masks(self) -> dict[str, dict[str, Tensor]]:
        """Per task and masked parameter, by its name in the model without heads, True where the task uses a weight."""
        return self.sparse_sharing.masks

    def set_masks(self, masks: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Gives tasks their masks; see :meth:`SparseSharingModel.set_masks`."""
        self.sparse_sharing.set_masks(masks)
