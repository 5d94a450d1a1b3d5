"""Predictions of a model over a whole split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from hf_sluice.training.batches import share_of_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.models.encoded_words import EncodedWords
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification


@torch.no_grad()
def predict_words(
    model: TaggerForTokenClassification,
    words: EncodedWords,
    tasks: Sequence[str],
    *,
    batch_size: int = 64,
    process: int = 0,
    num_processes: int = 1,
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Predicts sentences, in batches of similar length.

    Args:
        model: a tagger; it is put into evaluation mode, and back into the mode it was in.
        words: the encoded sentences.
        tasks: names.
        batch_size: sentences in a batch.
        process: which of the connected processes this is; each predicts its share of the sentences.
        num_processes: how many there are.

    Yields:
        The number of a sentence, and per task one label id (or number) per word, (T,). Every sentence of the share
        comes once, in order of length.
    """
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    order = share_of_process(np.argsort(words.lengths, kind="stable"), process, num_processes)
    for start in range(0, len(order), batch_size):
        sentences = order[start : start + batch_size]
        inputs = {name: value.to(device) for name, value in words.batch(sentences).items()}
        decoded = model.decode(model(**inputs, tasks=tasks).logits, inputs["attention_mask"])
        values = {task: decoded[task].cpu().numpy() for task in tasks}
        for row, sentence in enumerate(sentences.tolist()):
            length = words.lengths[sentence]
            yield sentence, {task: value[row, :length] for task, value in values.items()}
    model.train(was_training)
