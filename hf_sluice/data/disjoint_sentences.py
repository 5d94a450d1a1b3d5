"""Training sentences of which each carries one task only (Ruder et al. 2017, "Ability to Fit Noise")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import only_in, read_column, with_columns
from hf_sluice.data.sampling import random_generator
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def separate_sentences(corpus: TaggingCorpus, counts: Mapping[str, int], seed: int = 0) -> TaggingCorpus:
    """Deals the training sentences out to tasks; the other splits stay as they are.

    The sentences are permuted at random. The first task gets the first of them that carry it, the next task the first
    of those left, and so on; the others are left out. A sentence loses the layers of all tasks but its own. The kept
    ones stand in the corpus's order.

    Args:
        corpus: with a split ``train``.
        counts: per task how many sentences, at least 1 each.
        seed: of the permutation.

    Raises:
        UserError: no such task, or not enough sentences that carry it.
    """
    train = corpus["train"]
    layers = {task.name: read_column(train, task.name) for task in corpus.tasks}
    left = random_generator(seed, "disjoint sentences").permutation(len(train))
    owned: dict[str, NDArray[np.int64]] = {}
    for task, count in counts.items():
        if task not in layers:
            raise UserError(f"disjoint_sentences: there is no task {task!r}; there is {', '.join(layers)}")
        carrying = left[layers[task].is_valid().to_numpy(zero_copy_only=False)[left]]
        if len(carrying) < count:
            raise UserError(f"disjoint_sentences: {count} sentences for {task!r}, but only {len(carrying)} are left")
        owned[task] = carrying[:count]
        left = left[~np.isin(left, owned[task])]
    nothing = np.array([], dtype=np.int64)
    masked = {
        task: only_in(layer, np.isin(np.arange(len(train)), owned.get(task, nothing))) for task, layer in layers.items()
    }
    kept = np.sort(np.concatenate([*owned.values()]))
    dealt = with_columns(train, masked, {task: train.features[task] for task in masked}).select(kept)
    notes = (f"train: {count:,} sentences for {task} alone" for task, count in counts.items())
    return TaggingCorpus({**corpus, "train": dealt}, corpus.tasks, (*corpus.notes, *notes))
