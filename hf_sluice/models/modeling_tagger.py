"""Taggers of any kind: a model with a head per task, from the tasks' states to their losses and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

import torch
from torch import Tensor, nn
from transformers.utils import ModelOutput

from .extraction import extract_tasks
from .joint_decoding import joint_decode, joint_log_probabilities
from .joint_logits import joint_logits, pays_to_join
from .joint_losses import joint_losses
from .modeling_tagger_base import TaggerModel, TaggerPreTrainedModel, asked_tasks
from .perturbation import Perturbation
from .single_task_output import single_task_output
from .task_head import make_head
from .word_characters import read_word_chars

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transformers.modeling_outputs import TokenClassifierOutput

    from .configuration_tagger import TaggerConfig
    from .tagging_head import TaggingHead


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
        heads = {name: self._head(name) for name in names}
        logits, padded_MBTL = self._logits(heads, self.base.states(**inputs, tasks=names))
        if labels is None:
            return TaggerOutput(logits=logits)
        losses = joint_losses(heads, logits, labels, inputs.get("attention_mask"), num_items, padded_MBTL)
        penalty = self.base.penalty()
        loss = self.config.penalty_weight * penalty
        for name, value in losses.items():
            loss = loss + self._weight(name) * value
        return TaggerOutput(loss=loss, losses=losses, logits=logits, penalty=penalty)

    def _logits(
        self, heads: Mapping[str, TaggingHead], states: Iterator[Tensor]
    ) -> tuple[dict[str, Tensor], Tensor | None]:
        """Logits (B, T, L) per task, and where they were computed at once, all of them side by side."""
        together = pays_to_join(list(heads.values()), self.device)
        if not (together or self.training):
            return {name: head(state) for (name, head), state in zip(heads.items(), states, strict=True)}, None
        states_MBTD = torch.stack(list(states))
        if self.training:
            states_MBTD = self.perturb_state(states_MBTD)
        if not together:
            return {name: head(state) for (name, head), state in zip(heads.items(), states_MBTD, strict=True)}, None
        padded_MBTL = joint_logits(list(heads.values()), states_MBTD)
        sizes = {name: head.output.out_features for name, head in heads.items()}
        return {n: own[..., :size] for (n, size), own in zip(sizes.items(), padded_MBTL, strict=True)}, padded_MBTL

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
        return joint_decode({name: self._head(name) for name in logits}, logits, attention_mask)

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
        of_labels = {name: values for name, values in logits.items() if not self.config.is_regression(name)}
        return joint_log_probabilities({name: self._head(name) for name in of_labels}, of_labels, attention_mask)

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
