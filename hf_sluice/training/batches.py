"""Batches of sentences of similar length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


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
    pools = [shuffled[start : start + pool_size] for start in range(0, len(shuffled), pool_size)]

    def cut(pool: np.ndarray) -> Iterator[np.ndarray]:
        return (pool[start : start + batch_size] for start in range(0, len(pool), batch_size))

    return _batches_of_pools(pools, lengths, cut, random)


def token_batches(
    lengths: np.ndarray, sentences: np.ndarray, batch_tokens: int, bucket_size: int, seed: tuple[int, ...]
) -> list[np.ndarray]:
    """Likewise, each batch of as many sentences as a number of tokens has room for.

    How many batches there are depends on the order that the seed gives.

    Args:
        lengths: words of every sentence of the split.
        sentences: those to batch.
        batch_tokens: words of a batch, padding included; a longer sentence is a batch by itself.
        bucket_size: a pool has as many words as this many batches have room for.
        seed: the order is a function of it.

    Returns:
        Arrays of sentence numbers.
    """
    random = np.random.default_rng(seed)
    shuffled = random.permutation(sentences)
    words_before = np.cumsum(lengths[shuffled]) - lengths[shuffled]
    pool_of_sentence = words_before // (batch_tokens * bucket_size)
    pools = np.split(shuffled, np.flatnonzero(np.diff(pool_of_sentence)) + 1)

    def cut(pool: np.ndarray) -> Iterator[np.ndarray]:
        return (pool[places] for places in batches_by_cells(lengths[pool], batch_tokens))

    return _batches_of_pools(pools, lengths, cut, random)


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


def _batches_of_pools(
    pools: Iterable[np.ndarray],
    lengths: np.ndarray,
    cut: Callable[[np.ndarray], Iterable[np.ndarray]],
    random: np.random.Generator,
) -> list[np.ndarray]:
    """Each pool in order of length, cut into batches; the batches of all pools in random order."""
    batches = [batch for pool in pools for batch in cut(pool[np.argsort(lengths[pool], kind="stable")])]
    return [batches[position] for position in random.permutation(len(batches))]


def share_of_process(batch: np.ndarray, process: int, num_processes: int) -> np.ndarray:
    """What one of several connected processes computes of a batch: every n-th sentence.

    The shares of all processes together are the batch. A share may be empty only if the batch is smaller than the
    number of processes.
    """
    return batch[process::num_processes]
