"""Predictions of a model over a whole split."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch

from hf_sluice.models.form_cache import FormCache
from hf_sluice.training.batches import batches_by_cells, share_of_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.models.encoded_words import EncodedWords
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification

_CELLS_OF_A_BATCH = 2048


@torch.no_grad()
def predict_words(
    model: TaggerForTokenClassification,
    words: EncodedWords,
    tasks: Sequence[str],
    *,
    batch_size: int | None = None,
    process: int = 0,
    num_processes: int = 1,
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Predicts sentences, in batches of similar length.

    Args:
        model: a tagger; it is put into evaluation mode, and back into the mode it was in.
        words: the encoded sentences.
        tasks: names.
        batch_size: sentences in a batch; by default as many as have some two thousand words, padding included.
        process: which of the connected processes this is; each predicts its share of the sentences.
        num_processes: how many there are.

    Yields:
        The number of a sentence, and per task one label id (or number) per word, (T,). Every sentence of the share
        comes once, in order of length.
    """
    device = next(model.parameters()).device
    order = share_of_process(np.argsort(words.lengths, kind="stable"), process, num_processes)
    lengths = words.lengths[order]
    with _evaluating(model), remembered_forms(model):
        for batch in _batches(lengths, batch_size):
            sentences = order[batch]
            inputs = {name: value.to(device) for name, value in words.batch(sentences).items()}
            decoded = model.decode(model(**inputs, tasks=tasks).logits, inputs["attention_mask"])
            values = {task: decoded[task].cpu().numpy() for task in tasks}
            for row, sentence in enumerate(sentences.tolist()):
                yield sentence, {task: value[row, : lengths[batch[row]]] for task, value in values.items()}


@contextmanager
def _evaluating(model: TaggerForTokenClassification) -> Iterator[None]:
    """A block in which a model is in evaluation mode; then it is in the mode again that it was in."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


@contextmanager
def remembered_forms(model: TaggerForTokenClassification) -> Iterator[None]:
    """While the block runs, on a CPU, character encodings of word forms are kept; the model should not change.

    A block within a block uses what the outer one has kept.
    """
    words = model.base.words
    if words.form_cache is not None or words.embedding.weight.device.type != "cpu":
        yield
        return
    words.form_cache = FormCache()
    try:
        yield
    finally:
        words.form_cache = None


def _batches(lengths: np.ndarray, batch_size: int | None) -> Iterator[np.ndarray]:
    """Places of sentences that are in order of length."""
    if batch_size is None:
        return batches_by_cells(lengths, _CELLS_OF_A_BATCH)
    starts = range(0, len(lengths), batch_size)
    return (np.arange(start, min(start + batch_size, len(lengths))) for start in starts)
