"""Sluice networks (Ruder, Bingel, Augenstein & Søgaard 2019): taggers that learn what their tasks share.

Departures from the authors' published program, which differs from their equations, are on the side of the equations:
subspaces are contiguous halves of the units, both directions are aligned in time, the penalty is computed once a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from .checked_loading import CheckedLoading
from .configuration_sluice import SluiceConfig
from .initialization_tagger import initialise_embedding, initialise_linear, initialise_parallel_lstm
from .mixing import MixingWeights, mix_layers, mix_subspaces
from .network_plan import LayerPlan, layers_read, plan_layers
from .parallel_lstm import ParallelBiLSTM, TimeReversal
from .penalties import PENALTIES
from .perturbation import Perturbation
from .sharing_table import sharing_table
from .tagging_head import TaggingHead, tagging_loss
from .word_encoder import CharacterEncoder, WordEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np


@dataclass
class SluiceModelOutput(ModelOutput):
    """States of the tasks.

    Args:
        last_hidden_state: per task asked for the β mixture of its network's layers, (M, B, T, 2H), or all of them
            side by side, (M, B, T, K·2H), where the layer connection is ``concatenation``.
    """

    last_hidden_state: Tensor | None = None


@dataclass
class SluiceTaggerOutput(ModelOutput):
    """Predictions of the tasks.

    Args:
        loss: Σ λ_m L_m + w·Ω, where labels were given; w and Ω are the preset's.
        losses: L_m per labelled task.
        logits: per task (B, T, L).
        penalty: Ω, unweighted, where labels were given.
    """

    loss: Tensor | None = None
    losses: dict[str, Tensor] | None = None
    logits: dict[str, Tensor] | None = None
    penalty: Tensor | None = None


class SluicePreTrainedModel(CheckedLoading, PreTrainedModel):  # type: ignore[misc]
    """What both models share: configuration, initial values, and loading that says what does not fit."""

    config: SluiceConfig
    config_class = SluiceConfig
    base_model_prefix = "sluice"
    main_input_name = "input_ids"

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, MixingWeights):
            module.reset_parameters()
        elif isinstance(module, ParallelBiLSTM):
            initialise_parallel_lstm(module)
        elif isinstance(module, nn.Embedding):
            initialise_embedding(module)
        elif isinstance(module, nn.Linear):
            initialise_linear(module)


class SluiceModel(SluicePreTrainedModel):
    """The networks without heads: shared input, K layers of N parallel BiLSTMs mixed by α, β mixture per task.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: SluiceConfig) -> None:
        super().__init__(config)
        if not config.tasks:
            raise ValueError("tasks: a model needs at least one")
        self._table = sharing_table(config)
        characters = CharacterEncoder(config.char_vocab_size, config.char_embedding_size, config.char_hidden_size)
        self.words = WordEncoder(config.vocab_size, config.word_embedding_size, characters)
        # A layer above all those that tasks read is not built: its parameters would never have a gradient.
        depth = len(plan_layers(self._table, config.num_subspaces, range(len(config.tasks))))
        widths = [self.words.output_size] + [2 * config.hidden_size] * (depth - 1)
        networks = self._table.num_networks
        self.layers = nn.ModuleList(ParallelBiLSTM(networks, width, config.hidden_size) for width in widths)
        self.alpha_weights = MixingWeights(self._table.alpha)
        self.beta_weights = MixingWeights(self._table.beta)
        self.perturb_input = Perturbation(config.noise, config.dropout)
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

    def get_input_embeddings(self) -> nn.Embedding:
        """The word embedding."""
        return self.words.embedding

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replaces the word embedding."""
        self.words.embedding = cast("nn.Embedding", value)

    @torch.no_grad()
    def set_word_vectors(self, vectors: np.ndarray, found: np.ndarray) -> None:
        """Copies pretrained vectors (V, word_embedding_size) into the rows where ``found`` (V,) is true."""
        weight = self.words.embedding.weight
        if vectors.shape != tuple(weight.shape):
            raise ValueError(f"word vectors {vectors.shape} should have the embedding's shape {tuple(weight.shape)}")
        rows = torch.from_numpy(found).to(weight.device)
        weight[rows] = torch.from_numpy(vectors).to(weight)[rows]

    def penalty(self) -> Tensor:
        """Ω over all networks and layers; 0 where the sharing preset has none."""
        weights = [cast("ParallelBiLSTM", layer).weight_ih for layer in self.layers]
        if self._table.penalty is None:
            return weights[0].new_zeros(())
        of_layer = PENALTIES[self._table.penalty]
        return torch.stack([of_layer(weight_ih, self.config.num_subspaces) for weight_ih in weights]).sum()

    def forward(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        tasks: Sequence[str] | None = None,
        **_: Any,
    ) -> SluiceModelOutput:
        """States of the tasks asked for; only what these depend on is computed.

        Args:
            input_ids: word ids (B, T), right-padded.
            char_ids: characters of the distinct word forms of the batch (U, C), right-padded with 0.
            char_index: row of each token's form in ``char_ids`` (B, T).
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
            tasks: names; by default all tasks.

        Raises:
            ValueError: unknown task, or padding that is not on the right.
        """
        indices = tuple(self.config.task_index(name) for name in _names(self.config, tasks))
        reversal = TimeReversal(_lengths(input_ids, attention_mask), input_ids.shape[1])
        x_TBD = self.perturb_input(self.words(input_ids, char_ids, char_index))
        states_K = self._run_layers(x_TBD, reversal, self._plan(indices))
        beta = self.beta
        return SluiceModelOutput(torch.stack([self._mix(beta[task], states_K, task) for task in indices]))

    def _plan(self, tasks: tuple[int, ...]) -> list[LayerPlan]:
        if tasks not in self._plans:
            self._plans[tasks] = plan_layers(self._table, self.config.num_subspaces, tasks)
        return self._plans[tasks]

    def _run_layers(self, x_TBD: Tensor, reversal: TimeReversal, plan: list[LayerPlan]) -> list[dict[int, Tensor]]:
        """Mixed output (T, B, 2H) of every needed network, layer by layer."""
        alpha = self.alpha
        inputs_NTBD, available = x_TBD[None], tuple[int, ...]()
        outputs = []
        for layer, module, step in zip(range(len(plan)), self.layers, plan, strict=False):
            if available and available != step.sources:
                inputs_NTBD = inputs_NTBD[[available.index(source) for source in step.sources]]
            h_NTBH = module(inputs_NTBD, reversal, step.sources)
            if step.mixes:
                h_NTBH = mix_subspaces(self._alpha_block(alpha[layer], step), h_NTBH, self.config.num_subspaces)
            inputs_NTBD, available = h_NTBH, step.targets
            outputs.append(dict(zip(step.targets, h_NTBH.unbind(), strict=True)))
        return outputs

    def _alpha_block(self, alpha: Tensor, step: LayerPlan) -> Tensor:
        """Rows of the targets, columns of the sources: (m·S, n·S)."""
        everything = tuple(range(self._table.num_networks))
        if step.targets == step.sources == everything:
            return alpha
        subspaces = self.config.num_subspaces
        blocks = alpha.view(len(everything), subspaces, len(everything), subspaces)
        block = blocks[list(step.targets)][:, :, list(step.sources)]
        return block.reshape(len(step.targets) * subspaces, len(step.sources) * subspaces)

    def _mix(self, beta_K: Tensor, states_K: list[dict[int, Tensor]], task: int) -> Tensor:
        """β mixture, or concatenation, of the layers that the task can read: (B, T, 2H) or (B, T, K·2H)."""
        network, layers = self._table.task_networks[task], layers_read(self._table, task)
        states_TBH = [states_K[layer][network] for layer in layers]
        if self.config.layer_connection == "concatenation":
            return torch.cat(states_TBH, dim=-1).transpose(0, 1)
        return mix_layers(beta_K[layers], states_TBH).transpose(0, 1)


def _names(config: SluiceConfig, tasks: Sequence[str] | None) -> list[str]:
    names = list(config.task_names if tasks is None else tasks)
    if not names:
        raise ValueError(f"tasks: name at least one of {', '.join(config.task_names)}")
    return names


def _lengths(input_ids: Tensor, attention_mask: Tensor | None) -> Tensor:
    batch, steps = input_ids.shape
    if attention_mask is None:
        return input_ids.new_full((batch,), steps)
    if attention_mask.device.type == "cpu" and bool((attention_mask[:, 1:] > attention_mask[:, :-1]).any()):
        raise ValueError("attention_mask: padding should stand on the right of each sentence")
    return attention_mask.sum(1)


class SluiceForTokenClassification(SluicePreTrainedModel):
    """A sluice network with a head per task.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: SluiceConfig) -> None:
        super().__init__(config)
        self.sluice = SluiceModel(config)
        self.heads = nn.ModuleList(
            TaggingHead(config.state_size, config.head_hidden_size, _num_outputs(task)) for task in config.tasks
        )
        self.perturb_state = Perturbation(config.noise, config.dropout)
        self.post_init()

    @property
    def alpha(self) -> Tensor:
        """α, (K, N·S, N·S): row = target (n, s), column = source; N = M unless one network serves all tasks."""
        return self.sluice.alpha

    @property
    def beta(self) -> Tensor:
        """β, (M, K)."""
        return self.sluice.beta

    def forward(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        labels: Mapping[str, Tensor] | None = None,
        tasks: Sequence[str] | None = None,
        num_items: Mapping[str, float | Tensor] | None = None,
        **_: Any,
    ) -> SluiceTaggerOutput:
        """Predicts the tasks asked for, and compares with labels where there are some.

        Args:
            input_ids: word ids (B, T), right-padded.
            char_ids: characters of the distinct word forms of the batch (U, C), right-padded with 0.
            char_index: row of each token's form in ``char_ids`` (B, T).
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
            labels: per task label ids, or floats for regression, (B, T); −100 marks a token without a label.
            tasks: names; by default all tasks.
            num_items: per task what its summed loss is divided by; by default its number of labelled tokens.

        Raises:
            ValueError: unknown task, also among the labels, or padding that is not on the right.
        """
        names = _names(self.config, tasks)
        for name in labels or ():
            self.config.task_index(name)
        states_MBTH = self.perturb_state(self.sluice(input_ids, char_ids, char_index, attention_mask, names)[0])
        logits = {name: self._head(name)(state) for name, state in zip(names, states_MBTH.unbind(), strict=True)}
        if labels is None:
            return SluiceTaggerOutput(logits=logits)
        losses = {
            name: self._loss(name, logits[name], labels[name], None if num_items is None else num_items[name])
            for name in logits
            if name in labels
        }
        penalty = self.sluice.penalty()
        loss = self.config.penalty_weight * penalty
        for name, value in losses.items():
            loss = loss + self._weight(name) * value
        return SluiceTaggerOutput(loss=loss, losses=losses, logits=logits, penalty=penalty)

    def _head(self, name: str) -> nn.Module:
        return self.heads[self.config.task_index(name)]

    def _loss(self, name: str, logits: Tensor, labels: Tensor, num_items: float | Tensor | None) -> Tensor:
        task = self.config.tasks[self.config.task_index(name)]
        return tagging_loss(logits, labels, num_items, regression=task.get("kind") == "regression")

    def _weight(self, name: str) -> float:
        return self.config.tasks[self.config.task_index(name)].get("weight", 1.0)


def _num_outputs(task: Mapping[str, Any]) -> int:
    return 1 if task.get("kind") == "regression" else len(task["labels"])
