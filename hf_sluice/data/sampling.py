"""The choice of some sentences at random, the same on every machine and in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping


def random_generator(seed: int, *names: str) -> np.random.Generator:
    """A generator that depends on the sampling seed and on what it is for, and on nothing else.

    Args:
        seed: at least 0.
        names: what it is for; generators for different things are independent.
    """
    return np.random.default_rng((seed, *(crc32(name.encode()) for name in names)))


def limit_sentences(corpus: TaggingCorpus, sizes: Mapping[str, int], seed: int) -> TaggingCorpus:
    """Keeps some sentences of some splits, in the corpus's order.

    A split's sentences are permuted at random and the first ones kept, so that a larger sample holds every smaller one.

    Args:
        corpus: what to choose from.
        sizes: per split how many sentences to keep at most; a split that is not named is kept whole.
        seed: of the permutations.

    Raises:
        UserError: there is no such split.
    """
    kept, notes = dict(corpus), list(corpus.notes)
    for split, size in sizes.items():
        if split not in corpus:
            raise UserError(f"max_sentences: there is no split {split!r}; there is {', '.join(corpus)}")
        total = len(corpus[split])
        if total <= size:
            continue
        order = random_generator(seed, split).permutation(total)
        kept[split] = corpus[split].select(np.sort(order[:size]))
        notes.append(f"{split}: {size:,} of {total:,} sentences, drawn with sampling seed {seed}")
    return TaggingCorpus(kept, corpus.tasks, notes)
