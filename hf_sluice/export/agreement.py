"""Whether an exported graph says what its model says: tried on sentences of many lengths, in batches of many sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from hf_sluice.errors import UserError
from hf_sluice.models.task_values import task_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.prediction.onnx_tagger import OnnxTagger

TOLERANCE = 1e-4
"""How far logits may differ, as a share of the largest one."""

BATCHES = ((1,), (2, 1), (7, 7, 7), (40, 3, 17, 1, 29), (5,) * 33, (130, 90))
"""Words of the sentences of each batch."""

_STRANGE = ("\u2603", "x" * 70, "1,000.5", "\U0001f600a", "Q")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a graph was compared with its model.

    Args:
        sentences: how many.
        longest: words of the longest.
        largest_batch: sentences of the largest batch.
        largest_difference: between the logits of the two.
    """

    sentences: int
    longest: int
    largest_batch: int
    largest_difference: float


def compare_graph(model: TaggerForTokenClassification, tokenizer: TaggerTokenizer, tagger: OnnxTagger) -> Comparison:
    """Compares logits and labels of the two, on sentences of words drawn from the vocabulary and others.

    Args:
        model: in single precision, on the CPU, in evaluation mode.
        tokenizer: of the model.
        tagger: the exported one, with the same tasks.

    Raises:
        UserError: logits differ by more than rounding does, or labels do not follow from logits as the model has it.
    """
    names = model.config.task_names
    largest = 0.0
    for sentences in _sentences(tokenizer):
        inputs = tokenizer.encode_words(sentences).batch(range(len(sentences)))
        with torch.no_grad():
            logits = model(**inputs).logits
        is_word_BT, lengths = inputs["attention_mask"].bool().numpy(), [len(words) for words in sentences]
        decoded = model.decode(logits, inputs["attention_mask"])
        found = tagger.logits(sentences, names)
        for name in names:
            expected = logits[name].numpy()
            difference = float(np.abs(found[name] - expected)[is_word_BT].max())
            if not difference <= TOLERANCE * max(1.0, float(np.abs(expected[is_word_BT]).max())):
                raise UserError(f"the graph's scores of task {name!r} differ from the model's by {difference:.1e}")
            values = tagger.tasks[name].decode(expected, lengths)
            if values != _values(model, name, decoded[name], lengths):
                raise UserError(f"the labels of task {name!r} do not follow from its scores as in the model")
            largest = max(largest, difference)
    return Comparison(sum(map(len, BATCHES)), max(map(max, BATCHES)), max(map(len, BATCHES)), largest)


def _sentences(tokenizer: TaggerTokenizer) -> Iterator[list[list[str]]]:
    random = np.random.default_rng(0)
    words = [*tokenizer.vocabulary.words[3:], *_STRANGE]
    for lengths in BATCHES:
        # Every fourth word is capitalised: characters are read as they are written.
        drawn = [random.integers(0, len(words), length) for length in lengths]
        yield [[_capital(words[i]) if i % 4 == 0 else words[i] for i in sentence] for sentence in drawn]


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]


def _values(
    model: TaggerForTokenClassification, task: str, decoded_BT: torch.Tensor, lengths: Sequence[int]
) -> list[list[object]]:
    described = model.config.tasks[model.config.task_index(task)]
    return [task_values(described, row[:length]) for row, length in zip(decoded_BT.tolist(), lengths, strict=True)]
