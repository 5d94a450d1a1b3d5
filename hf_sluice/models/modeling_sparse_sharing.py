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
from .maskable_parameters import CHARACTERS, layer_prefix
from .modeling_tagger import (
    TaggerForTokenClassification,
    TaggerModel,
    TaggerModelOutput,
    TaggerPreTrainedModel,
    asked_tasks,
    sentence_lengths,
)
from .parallel_lstm import ParallelBiLSTM, TimeReversal
from .subnet_part import part_of_subnets
from .task_masks import TaskMasks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .mask_plan import MaskedStage
    from .model_part import ModelPart


class SparseSharingPreTrainedModel(TaggerPreTrainedModel):
    """What both models share: configuration, initial values, and a look at the masks that were loaded."""

    config: SparseSharingConfig
    config_class = SparseSharingConfig
    base_model_prefix = "sparse_sharing"

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
        self.layers = nn.ModuleList(ParallelBiLSTM(1, width, config.hidden_size) for width in widths)
        self.task_masks = TaskMasks(config)
        self._plans: dict[tuple[int, ...], MaskPlan] = {}
        self._stage_masks: dict[tuple[str, tuple[int, ...]], dict[str, Tensor]] = {}
        self._subnets: dict[frozenset[str], dict[str, Tensor]] = {}
        self._planned_for = 0
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
        self._forget_if_changed()
        key = frozenset(tasks)
        if key not in self._subnets:
            rows = [self.config.task_index(name) for name in tasks]
            shapes = self.task_masks.shapes
            unions = {name: self.task_masks[name][rows].any(0).view(shape) for name, shape in shapes.items()}
            self._subnets[key] = {name: union for name, union in unions.items() if not bool(union.all())}
        return self._subnets[key]

    def part(self, tasks: Sequence[str]) -> ModelPart:
        """The layers that some tasks run through, with the weights and the masks of their subnets."""
        return part_of_subnets(self.state_dict(), self.task_masks, tasks)

    def forward(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        tasks: Sequence[str] | None = None,
        **_: Any,
    ) -> TaggerModelOutput:
        """States of the tasks asked for, each from its subnet E(x; M_t ⊙ θ), all in one pass.

        Args:
            input_ids: word ids (B, T), right-padded.
            char_ids: characters of the distinct word forms of the batch (U, C), right-padded with 0.
            char_index: row of each token's form in ``char_ids`` (B, T).
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
            tasks: names; by default all tasks.

        Raises:
            ValueError: unknown task, or padding that is not on the right.
        """
        plan = self._plan(tuple(self.config.task_index(name) for name in asked_tasks(self.config, tasks)))
        reversal = TimeReversal(sentence_lengths(input_ids, attention_mask), input_ids.shape[1])
        of_input, *of_layers = plan.stages
        x_NTBD = self.words(input_ids, char_ids, char_index, self._masks_of(of_input, CHARACTERS))
        outputs = [self.perturb_input(x_NTBD)]
        for number, (layer, stage) in enumerate(zip(self.layers, of_layers, strict=False)):
            masks = self._masks_of(stage, layer_prefix(number))
            networks = (0,) * len(stage.tasks) if masks is None else None
            outputs.append(layer(_chosen(outputs[-1], stage.sources), reversal, networks, masks))
        states_MTBH = torch.stack([outputs[stage][network] for stage, network in plan.states])
        return TaggerModelOutput(states_MTBH.transpose(1, 2))

    def _plan(self, tasks: tuple[int, ...]) -> MaskPlan:
        self._forget_if_changed()
        if tasks not in self._plans:
            self._plans[tasks] = plan_masks(self.task_masks, tasks)
        return self._plans[tasks]

    def _forget_if_changed(self) -> None:
        if self._planned_for != self.task_masks.generation:
            self._plans.clear()
            self._stage_masks.clear()
            self._subnets.clear()
            self._planned_for = self.task_masks.generation

    def _masks_of(self, stage: MaskedStage, prefix: str) -> dict[str, Tensor] | None:
        """A stage's masks by the names of its own parameters, one per network; None where they keep all weights."""
        names = [name for name in self.task_masks.shapes if name.startswith(prefix)]
        if stage.keeps_all or not names:
            return None
        key = (prefix, stage.tasks)
        if key not in self._stage_masks:
            rows = list(stage.tasks)
            self._stage_masks[key] = {name.removeprefix(prefix): self.task_masks[name][rows] for name in names}
        return self._stage_masks[key]


def _chosen(x_NTBD: Tensor, sources: tuple[int, ...]) -> Tensor:
    """The inputs of some networks; a single one stands for all that read it."""
    if len(set(sources)) == 1:
        return x_NTBD[sources[0] : sources[0] + 1]
    return x_NTBD if sources == tuple(range(len(x_NTBD))) else x_NTBD[list(sources)]


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
