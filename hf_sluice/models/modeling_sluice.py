"""Sluice networks (Ruder, Bingel, Augenstein & Søgaard 2019): taggers that learn what their tasks share.

Departures from the authors' published program, which differs from their equations, are on the side of the equations:
subspaces are contiguous halves of the units, both directions are aligned in time, the penalty is computed once a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from .configuration_sluice import SluiceConfig
from .mixing import MixingWeights, mix_layers, mix_subspaces
from .modeling_tagger import TaggerForTokenClassification
from .modeling_tagger_base import TaggerModel, TaggerPreTrainedModel, asked_tasks, sentence_lengths
from .network_part import part_of_networks
from .network_plan import LayerPlan, layers_read, plan_layers
from .parallel_lstm import ParallelBiLSTM
from .penalties import PENALTIES
from .sharing_table import sharing_table
from .time_reversal import TimeReversal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model_part import ModelPart


class SluicePreTrainedModel(TaggerPreTrainedModel):
    """What both models share: configuration and initial values."""

    config: SluiceConfig
    config_class = SluiceConfig
    base_model_prefix = "sluice"

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, MixingWeights):
            module.reset_parameters()
        else:
            super()._init_weights(module)


class SluiceModel(SluicePreTrainedModel, TaggerModel):  # type: ignore[misc]
    """The networks without heads: shared input, K layers of N parallel BiLSTMs mixed by α, β mixture per task.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: SluiceConfig) -> None:
        super().__init__(config)
        self._table = sharing_table(config)
        # What no task depends on is not built: its parameters would never have a gradient.
        plan = plan_layers(self._table, config.num_subspaces, range(len(config.tasks)))
        self._built = tuple(step.sources for step in plan)  # per layer the networks, in the order of their weights
        widths = [self.words.output_size] + [2 * config.hidden_size] * (len(plan) - 1)
        self.layers = nn.ModuleList(
            ParallelBiLSTM(len(networks), width, config.hidden_size, config.recurrent_backend)
            for networks, width in zip(self._built, widths, strict=True)
        )
        self.alpha_weights = MixingWeights(self._table.alpha)
        self.beta_weights = MixingWeights(self._table.beta)
        self._plans: dict[tuple[int, ...], list[LayerPlan]] = {}
        self.post_init()

    @property
    def alpha(self) -> Tensor:
        """α, (K, N·S, N·S): row = target (n, s), column = source; N = M unless one network serves all tasks."""
        return self.alpha_weights()

    @property
    def beta(self) -> Tensor:
        """β, (M, K)."""
        return self.beta_weights()

    def penalty(self) -> Tensor:
        """Ω over all networks and layers; 0 where the sharing preset has none."""
        if self._table.penalty is None:
            return super().penalty()
        weights = [cast("ParallelBiLSTM", layer).weight_ih for layer in self.layers]
        of_layer = PENALTIES[self._table.penalty]
        return torch.stack([of_layer(weight_ih, self.config.num_subspaces) for weight_ih in weights]).sum()

    def part(self, tasks: Sequence[str]) -> ModelPart:
        """The networks and layers that some tasks depend on, with α and β as they are now, for good."""
        rows = [self.config.task_index(name) for name in tasks]
        return part_of_networks(self.config, self.state_dict(), self._built, self.alpha, self.beta, rows)

    def states(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        tasks: Sequence[str] | None = None,
    ) -> Iterator[Tensor]:
        """For each task asked for the β mixture of its network's layers, or all layers side by side.

        Only what these tasks depend on is computed.
        """
        indices = tuple(self.config.task_index(name) for name in asked_tasks(self.config, tasks))
        reversal = TimeReversal(sentence_lengths(input_ids, attention_mask), input_ids.shape[1])
        (x_TBD,) = self.words(input_ids, char_ids, char_index)
        states_K = self._run_layers(self.perturb_input(x_TBD), reversal, self._plan(indices))
        beta = self.beta
        return (self._mix(beta[task], states_K, task) for task in indices)

    def _plan(self, tasks: tuple[int, ...]) -> list[LayerPlan]:
        if tasks not in self._plans:
            self._plans[tasks] = plan_layers(self._table, self.config.num_subspaces, tasks)
        return self._plans[tasks]

    def _run_layers(self, x_TBD: Tensor, reversal: TimeReversal, plan: list[LayerPlan]) -> list[dict[int, Tensor]]:
        """Mixed output (T, B, 2H) of every needed network, layer by layer."""
        alpha = self.alpha
        outputs: list[dict[int, Tensor]] = []
        for layer, (module, built, step) in enumerate(zip(self.layers, self._built, plan, strict=False)):
            inputs = [outputs[-1][source] for source in step.sources] if outputs else [x_TBD]
            states = module(inputs, reversal, [built.index(source) for source in step.sources])
            if step.mixes:
                states = mix_subspaces(self._alpha_block(alpha[layer], step), states, self.config.num_subspaces)
            outputs.append(dict(zip(step.targets, states, strict=True)))
        return outputs

    def _alpha_block(self, alpha: Tensor, step: LayerPlan) -> Tensor:
        """Rows of the targets, columns of the sources: (m·S, n·S)."""
        everything = tuple(range(self.config.num_networks))
        if step.targets == step.sources == everything:
            return alpha
        subspaces = self.config.num_subspaces
        blocks = alpha.view(len(everything), subspaces, len(everything), subspaces)
        # Not by a list, which would be sent to the device in every step.
        rows = torch.stack([blocks[target] for target in step.targets])
        block = torch.stack([rows[:, :, source] for source in step.sources], dim=2)
        return block.reshape(len(step.targets) * subspaces, len(step.sources) * subspaces)

    def _mix(self, beta_K: Tensor, states_K: list[dict[int, Tensor]], task: int) -> Tensor:
        """β mixture, or concatenation, of the layers that the task can read: (B, T, 2H) or (B, T, K·2H)."""
        network, layers = self._table.task_networks[task], layers_read(self._table, task)
        states_TBH = [states_K[layer][network] for layer in layers]
        if self.config.layer_connection == "concatenation":
            return torch.cat(states_TBH, dim=-1).transpose(0, 1)
        return mix_layers(torch.stack([beta_K[layer] for layer in layers]), states_TBH).transpose(0, 1)


class SluiceForTokenClassification(SluicePreTrainedModel, TaggerForTokenClassification):  # type: ignore[misc]
    """A sluice network with a head per task.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: SluiceConfig) -> None:
        super().__init__(config, SluiceModel(config))
        self.sluice: SluiceModel

    @property
    def alpha(self) -> Tensor:
        """α, (K, N·S, N·S): row = target (n, s), column = source; N = M unless one network serves all tasks."""
        return self.sluice.alpha

    @property
    def beta(self) -> Tensor:
        """β, (M, K)."""
        return self.sluice.beta
