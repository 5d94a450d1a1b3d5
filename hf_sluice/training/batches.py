"""Batches of sentences of similar length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator


def bucketed_batches(
    lengths: np.ndarray, sentences: np.ndarray, batch_size: int, bucket_size: int, seed: tuple[int, ...]
) -> list[np.ndarray]:
    """Shuffles sentences into batches, each sentence in exactly one.

    Sentences are shuffled, cut into pools of ``bucket_size`` batches, sorted by length within a pool, cut into
    batches, and the batches shuffled: little padding, and yet another company every time.

    Args:
        lengths: words of every sentence of the split.
        sentences: those to batch.
        batch_size: sentences in a batch; only the last batch of the last pool may be smaller.
        bucket_size: batches in a pool.
        seed: the order is a function of it.

    Returns:
        Arrays of sentence numbers.
    """
    random = np.random.default_rng(seed)
    shuffled = random.permutation(sentences)
    pool_size = batch_size * bucket_size
    batches: list[np.ndarray] = []
    for start in range(0, len(shuffled), pool_size):
        pool = shuffled[start : start + pool_size]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches.extend(pool[cut : cut + batch_size] for cut in range(0, len(pool), batch_size))
    return [batches[position] for position in random.permutation(len(batches))]


def batches_by_cells(lengths: np.ndarray, most_cells: int) -> Iterator[np.ndarray]:
    """Cuts sentences into batches of about as much work each, whatever their length.

    Args:
        lengths: words of the sentences, in rising order.
        most_cells: words of a batch, padding included; a longer sentence is a batch by itself.

    Yields:
        Their places, in order.
    """
    start = 0
    for place, length in enumerate(lengths.tolist()):
        if place > start and (place + 1 - start) * length > most_cells:
            yield np.arange(start, place)
            start = place
    if start < len(lengths):
        yield np.arange(start, len(lengths))


def share_of_process(batch: np.ndarray, process: int, num_processes: int) -> np.ndarray:
    """What one of several connected processes computes of a batch: every n-th sentence.

    The shares of all processes together are the batch. A share may be empty only if the batch is smaller than the
    number of processes.
    """
    return batch[process::num_processes]
