"""Tags sentences of any length in batches; what comes of one does not depend on the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from .task_values import task_values
from .word_windows import word_windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .modeling_tagger import TaggerForTokenClassification
    from .tagging_options import TaggingOptions
    from .tokenization_tagger import TaggerTokenizer


@dataclass(frozen=True, slots=True)
class WordValues:
    """What a task says of the words of a sentence.

    Args:
        values: per word a label, or a number for regression.
        scores: per word the label's probability; None for regression.
        most_probable: per word the most probable labels with their probabilities, where they are asked for.
    """

    values: list[Any]
    scores: list[float] | None = None
    most_probable: list[list[tuple[str, float]]] | None = None


@dataclass(frozen=True, slots=True)
class SentenceTagger:
    """A model at work on sentences.

    The words of a sentence no longer than a window get what the model decodes of it. Of a longer one the logits are
    computed window by window and stitched (:func:`word_windows`), then decoded once over the whole sentence: so a CRF
    or constrained decoding sees no seam, and beside the logits the memory needed is that of a batch of windows.

    Args:
        model: a tagger; it is put into evaluation mode, and back into the mode it was in.
        tokenizer: its tokenizer.
        options: tasks, windows, size of a batch.
    """

    model: TaggerForTokenClassification
    tokenizer: TaggerTokenizer
    options: TaggingOptions

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[dict[str, WordValues]]:
        """Per sentence what each task says of its words.

        Args:
            sentences: of at least one word each.
        """
        was_training = self.model.training
        self.model.eval()
        try:
            with torch.no_grad():
                return self._decode(self._logits(sentences))
        finally:
            self.model.train(was_training)

    def _logits(self, sentences: Sequence[Sequence[str]]) -> list[dict[str, Tensor]]:
        """Per sentence and task (T, L)."""
        size, overlap = self.options.window_size, self.options.common_words
        windows = [word_windows(len(words), size, overlap) for words in sentences]
        pairs = [(words, window) for words, each in zip(sentences, windows, strict=True) for window in each]
        texts = [words[window.start : window.end] for words, window in pairs]
        parts = iter(self._kept_logits(texts, [window.kept for _, window in pairs]))
        return [_stitched(list(islice(parts, len(each)))) for each in windows]

    def _kept_logits(self, texts: Sequence[Sequence[str]], kept: Sequence[slice]) -> list[dict[str, Tensor]]:
        """Per text that is read as one and task the logits of the words that are kept."""
        encoded = self.tokenizer.encode_words(texts)
        found: list[dict[str, Tensor]] = [{} for _ in texts]
        for batch in self._batches(encoded.lengths):
            inputs = {name: value.to(self.model.device) for name, value in encoded.batch(batch).items()}
            logits = self.model(**inputs, tasks=list(self.options.tasks)).logits
            for row, text in enumerate(batch.tolist()):
                found[text] = {task: of_task[row, kept[text]] for task, of_task in logits.items()}
        return found

    def _decode(self, logits: Sequence[Mapping[str, Tensor]]) -> list[dict[str, WordValues]]:
        lengths = np.array([len(next(iter(of_task.values()))) for of_task in logits], dtype=np.int64)
        found: list[dict[str, WordValues]] = [{} for _ in logits]
        for batch in self._batches(lengths):
            rows = batch.tolist()
            padded = {task: pad_sequence([logits[row][task] for row in rows], batch_first=True) for task in logits[0]}
            steps = np.arange(lengths[batch].max())
            mask_BT = torch.from_numpy((steps < lengths[batch][:, None]).astype(np.int64)).to(self.model.device)
            decoded, scores = self.model.decode(padded, mask_BT), self.model.log_probabilities(padded, mask_BT)
            for task in padded:
                values = self._values(task, decoded[task], scores.get(task), lengths[batch].tolist())
                for row, of_words in zip(rows, values, strict=True):
                    found[row][task] = of_words
        return found

    def _values(
        self, task: str, decoded_BT: Tensor, scores_BTL: Tensor | None, lengths: Sequence[int]
    ) -> Iterator[WordValues]:
        described = self.model.config.tasks[self.model.config.task_index(task)]
        rows = [row[:length] for row, length in zip(decoded_BT.tolist(), lengths, strict=True)]
        if scores_BTL is None:
            yield from (WordValues(task_values(described, row)) for row in rows)
            return
        scores = scores_BTL.gather(-1, decoded_BT[..., None]).squeeze(-1).exp().tolist()
        best = (
            None if self.options.top_k is None else _most_probable(scores_BTL, described["labels"], self.options.top_k)
        )
        for number, row in enumerate(rows):
            size = len(row)
            choices = None if best is None else best[number][:size]
            yield WordValues(task_values(described, row), scores[number][:size], choices)

    def _batches(self, lengths: np.ndarray) -> Iterator[np.ndarray]:
        """Numbers of sentences of similar length."""
        order = np.argsort(lengths, kind="stable")
        for start in range(0, len(order), self.options.batch_size):
            yield order[start : start + self.options.batch_size]


def _stitched(parts: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """What the windows of a sentence were read for, put together."""
    if len(parts) == 1:
        return parts[0]
    return {task: torch.cat([part[task] for part in parts]) for task in parts[0]}


def _most_probable(scores_BTL: Tensor, labels: Sequence[str], number: int) -> list[list[list[tuple[str, float]]]]:
    """Per sentence and word the most probable labels, the best one first, with their probabilities."""
    best = scores_BTL.topk(min(number, len(labels)), dim=-1)
    return [
        [[(labels[i], score) for i, score in zip(*word, strict=True)] for word in zip(*sentence, strict=True)]
        for sentence in zip(best.indices.tolist(), best.values.exp().tolist(), strict=True)
    ]
