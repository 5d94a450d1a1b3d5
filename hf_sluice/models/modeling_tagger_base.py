"""What the models of all taggers have in common without their heads: initial values, saving, shared input, states."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from .architecture_saving import learned_architecture, replace_architecture
from .character_encoders import CharacterConvolution
from .checked_loading import CheckedLoading
from .configuration_tagger import TaggerConfig
from .crf import LinearChainCrf
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
from .word_encoder import WordEncoder

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import numpy as np

    from .model_part import ModelPart


@dataclass
class TaggerModelOutput(ModelOutput):
    """States of the tasks.

    Args:
        last_hidden_state: per task asked for the state that its head reads, (M, B, T, D), where D is the
            configuration's ``state_size``.
    """

    last_hidden_state: Tensor | None = None


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
