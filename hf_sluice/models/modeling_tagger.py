"""What the models of all taggers have in common: initial values, outputs, heads, the forward pass down to the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from .architecture_saving import learned_architecture, replace_architecture
from .character_encoders import CharacterConvolution
from .checked_loading import CheckedLoading
from .configuration_tagger import TaggerConfig
from .crf import LinearChainCrf
from .extraction import extract_tasks
from .file_mode import give_usual_mode
from .hub_pushing import PushedModel
from .initialization_tagger import (
    initialise_convolution,
    initialise_crf,
    initialise_embedding,
    initialise_linear,
    initialise_parallel_lstm,
)
from .parallel_lstm import ParallelBiLSTM
from .perturbation import Perturbation
from .single_task_output import single_task_output
from .task_head import make_head
from .word_characters import read_word_chars
from .word_encoder import WordEncoder

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from transformers.modeling_outputs import TokenClassifierOutput

    from .model_part import ModelPart
    from .tagging_head import TaggingHead


@dataclass
class TaggerModelOutput(ModelOutput):
    """States of the tasks.

    Args:
        last_hidden_state: per task asked for the state that its head reads, (M, B, T, D), where D is the
            configuration's ``state_size``.
    """

    last_hidden_state: Tensor | None = None


@dataclass
class TaggerOutput(ModelOutput):
    """Predictions of the tasks.

    Args:
        loss: Σ λ_m L_m + w·Ω, where labels were given; w and Ω are the configuration's.
        losses: L_m per labelled task.
        logits: per task (B, T, L).
        penalty: Ω, unweighted, where labels were given.
    """

    loss: Tensor | None = None
    losses: dict[str, Tensor] | None = None
    logits: dict[str, Tensor] | None = None
    penalty: Tensor | None = None


class TaggerPreTrainedModel(PushedModel, CheckedLoading, PreTrainedModel):  # type: ignore[misc]
    """What all models here share: configuration, initial values, and loading that says what does not fit."""

    config: TaggerConfig
    config_class = TaggerConfig
    main_input_name = "input_ids"

    def save_pretrained(
        self,
        save_directory: str | os.PathLike[str],
        is_main_process: bool = True,
        state_dict: dict[str, Tensor] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Saves the model, and beside it the sharing architecture; the arguments are those of ``PreTrainedModel``."""
        architecture = learned_architecture(self, state_dict) if is_main_process else None
        super().save_pretrained(save_directory, is_main_process, state_dict, *args, **kwargs)
        if is_main_process and Path(save_directory).is_dir():
            replace_architecture(architecture, Path(save_directory))
        for path in Path(save_directory).glob("*.safetensors"):
            give_usual_mode(path)

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, ParallelBiLSTM):
            initialise_parallel_lstm(module)
        elif isinstance(module, CharacterConvolution):
            initialise_convolution(module)
        elif isinstance(module, LinearChainCrf):
            initialise_crf(module)
        elif isinstance(module, nn.Embedding):
            initialise_embedding(module)
        elif isinstance(module, nn.Linear):
            initialise_linear(module)


class TaggerModel(TaggerPreTrainedModel):
    """A model without heads, to which words have one entry.

    Args:
        config: the configuration; at least one task.
    """

    def __init__(self, config: TaggerConfig) -> None:
        super().__init__(config)
        if not config.tasks:
            raise ValueError("tasks: a model needs at least one")
        self.words = WordEncoder(config)
        self.perturb_input = Perturbation(config.noise, config.dropout)

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

    def states(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        tasks: Sequence[str] | None = None,
    ) -> Iterator[Tensor]:
        """The states of the tasks asked for, one after the other, each (B, T, D); the arguments are those of a call.

        What a task alone needs may be computed when its turn comes. Outside of training its memory then serves the
        next task: on a CPU, asking the system for more took a fifth of the time of four tasks.
        """
        raise NotImplementedError

    def forward(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        tasks: Sequence[str] | None = None,
        **_: Any,
    ) -> TaggerModelOutput:
        """States of the tasks asked for, all in one pass.

        Args:
            input_ids: word ids (B, T), right-padded.
            char_ids: characters of the distinct word forms of the batch (U, C), right-padded with 0.
            char_index: row of each token's form in ``char_ids`` (B, T).
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
            tasks: names; by default all tasks.

        Raises:
            ValueError: unknown task, or padding that is not on the right.
        """
        return TaggerModelOutput(torch.stack(list(self.states(input_ids, char_ids, char_index, attention_mask, tasks))))

    def penalty(self) -> Tensor:
        """Ω, 0 where there is none."""
        return self.words.embedding.weight.new_zeros(())

    def subnet(self, tasks: Sequence[str]) -> dict[str, Tensor]:
        """The weights that belong to some tasks, where these are not all.

        Args:
            tasks: names.

        Returns:
            For each parameter, by its name, of which the tasks use a part only: True where at least one uses it.
        """
        for name in tasks:
            self.config.task_index(name)
        return {}

    def part(self, tasks: Sequence[str]) -> ModelPart:
        """What some tasks depend on.

        Args:
            tasks: names, in the order in which the part has them.
        """
        raise NotImplementedError


class TaggerForTokenClassification(TaggerPreTrainedModel):
    """A tagger: a model, held under its ``base_model_prefix``, with a head per task.

    Args:
        config: the configuration; at least one task.
        base: the model.
    """

    def __init__(self, config: TaggerConfig, base: TaggerModel) -> None:
        super().__init__(config)
        setattr(self, self.base_model_prefix, base)
        self.heads = nn.ModuleList(
            make_head(
                task,
                config.decoder,
                config.state_size,
                config.head_hidden_size,
                constrained=config.constrained_decoding,
            )
            for task in config.tasks
        )
        self.perturb_state = Perturbation(config.noise, config.dropout)
        self.post_init()

    @property
    def base(self) -> TaggerModel:
        """The model without heads."""
        return getattr(self, self.base_model_prefix)

    def subnet(self, tasks: Sequence[str]) -> dict[str, Tensor]:
        """The weights that belong to some tasks, where these are not all.

        Args:
            tasks: names.

        Returns:
            For each parameter, by its name, of which the tasks use a part only: True where at least one uses it.
        """
        return {f"{self.base_model_prefix}.{name}": kept for name, kept in self.base.subnet(tasks).items()}

    def forward(
        self,
        input_ids: Tensor,
        char_ids: Tensor,
        char_index: Tensor,
        attention_mask: Tensor | None = None,
        labels: Mapping[str, Tensor] | Tensor | None = None,
        tasks: Sequence[str] | None = None,
        num_items: Mapping[str, float | Tensor] | None = None,
        word_chars: Tensor | None = None,
        num_items_in_batch: float | Tensor | None = None,
        **_: Any,
    ) -> TaggerOutput | TokenClassifierOutput:
        """Predicts the tasks asked for, and compares with labels where there are some.

        A model of :meth:`for_task` that is called without names of tasks answers with a ``TokenClassifierOutput``, as
        :func:`single_task_output` says; its labels are a tensor, and what their loss is divided by is
        ``num_items_in_batch``, both as the library's Trainer gives them.

        Args:
            input_ids: word ids (B, T), right-padded.
            char_ids: characters of the distinct word forms of the batch (U, C), right-padded with 0.
            char_index: row of each token's form in ``char_ids`` (B, T).
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
            labels: per task label ids, or floats for regression, (B, T); −100 marks a token without a label.
            tasks: names; by default all tasks.
            num_items: per task what its summed loss is divided by; by default its number of labelled tokens.
            word_chars: in place of ``char_ids`` and ``char_index`` the characters of each sentence by themselves
                (B, F), as the tokenizer gives them along with offsets.
            num_items_in_batch: see above.

        Raises:
            ValueError: unknown task, also among the labels, or padding that is not on the right.
        """
        if word_chars is not None:
            is_token_BT = torch.ones_like(input_ids) if attention_mask is None else attention_mask
            char_ids, char_index = read_word_chars(word_chars, is_token_BT)
        inputs = {"input_ids": input_ids, "char_ids": char_ids, "char_index": char_index}
        inputs |= {} if attention_mask is None else {"attention_mask": attention_mask}
        if self.config.single_task_output and tasks is None and not isinstance(labels, Mapping):
            return single_task_output(self, inputs, labels, num_items_in_batch)
        return self._answer(inputs, cast("Mapping[str, Tensor] | None", labels), tasks, num_items)

    def _answer(
        self,
        inputs: Mapping[str, Tensor],
        labels: Mapping[str, Tensor] | None,
        tasks: Sequence[str] | None,
        num_items: Mapping[str, float | Tensor] | None,
    ) -> TaggerOutput:
        names = asked_tasks(self.config, tasks)
        for name in labels or ():
            self.config.task_index(name)
        states: Iterable[Tensor] = self.base.states(**inputs, tasks=names)
        if self.training:
            states = self.perturb_state(torch.stack(list(states)))
        logits = {name: self._head(name)(state) for name, state in zip(names, states, strict=True)}
        if labels is None:
            return TaggerOutput(logits=logits)
        losses = {
            name: self._head(name).loss(
                logits[name], labels[name], inputs.get("attention_mask"), None if num_items is None else num_items[name]
            )
            for name in logits
            if name in labels
        }
        penalty = self.base.penalty()
        loss = self.config.penalty_weight * penalty
        for name, value in losses.items():
            loss = loss + self._weight(name) * value
        return TaggerOutput(loss=loss, losses=losses, logits=logits, penalty=penalty)

    def decode(self, logits: Mapping[str, Tensor], attention_mask: Tensor | None = None) -> dict[str, Tensor]:
        """What the tasks' decoders make of logits.

        Args:
            logits: per task (B, T, L), as :meth:`forward` gives them.
            attention_mask: the one that they were computed with.

        Returns:
            Per task label ids, int64, or for regression numbers, (B, T); what stands at padding means nothing.

        Raises:
            ValueError: unknown task.
        """
        return {name: self._head(name).decode(values, attention_mask) for name, values in logits.items()}

    def log_probabilities(
        self, logits: Mapping[str, Tensor], attention_mask: Tensor | None = None
    ) -> dict[str, Tensor]:
        """How probable each label is of each token, whatever the sentence's other labels.

        Args:
            logits: per task (B, T, L), as :meth:`forward` gives them.
            attention_mask: the one that they were computed with.

        Returns:
            Per task that is not a regression log-probabilities (B, T, L): of the softmax, also where decoding is
            constrained, or of a CRF the marginal ones. What stands at padding means nothing.

        Raises:
            ValueError: unknown task.
        """
        return {
            name: self._head(name).log_probabilities(values, attention_mask)
            for name, values in logits.items()
            if not self.config.is_regression(name)
        }

    def for_task(self, task: str) -> Self:
        """One task as a model of its own, for programs that know models of one task.

        It answers as the library's own models for token classification do, so ``pipeline("token-classification",
        model=model.for_task("ner"), tokenizer=tokenizer)`` takes it, and ``Trainer`` trains it on. It holds what the
        task depends on (:func:`extract_tasks`) and shares no memory with this model; saved, it is a tagger of one task
        that answers in the same way when it is loaded.

        Args:
            task: a name.

        Returns:
            A model of the same type. Called without names of tasks it returns a ``TokenClassifierOutput`` with
            ``logits`` (B, T, L), of which :func:`single_task_output` says what they are, and the ``loss`` of
            ``labels`` (B, T).

        Raises:
            ValueError: unknown task, or one that depends on no word.
        """
        model = extract_tasks(self, [task])
        model.config.single_task_output = True
        return model

    def _head(self, name: str) -> TaggingHead:
        return cast("TaggingHead", self.heads[self.config.task_index(name)])

    def _weight(self, name: str) -> float:
        return self.config.tasks[self.config.task_index(name)].get("weight", 1.0)


def asked_tasks(config: TaggerConfig, tasks: Sequence[str] | None) -> list[str]:
    """The tasks asked for, by default all; raises ValueError where there is none."""
    names = list(config.task_names if tasks is None else tasks)
    if not names:
        raise ValueError(f"tasks: name at least one of {', '.join(config.task_names)}")
    return names


def sentence_lengths(input_ids: Tensor, attention_mask: Tensor | None) -> Tensor:
    """Tokens of each sentence, (B,); raises ValueError where padding is not on the right."""
    batch, steps = input_ids.shape
    if attention_mask is None:
        return input_ids.new_full((batch,), steps)
    if attention_mask.device.type == "cpu" and bool((attention_mask[:, 1:] > attention_mask[:, :-1]).any()):
        raise ValueError("attention_mask: padding should stand on the right of each sentence")
    return attention_mask.sum(1)
