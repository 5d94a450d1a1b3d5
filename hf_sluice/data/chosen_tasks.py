"""The choice of tasks, and of the sentences that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import read_column
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets import Dataset

    from hf_sluice.tasks import Task


def keep_tasks(corpus: TaggingCorpus, tasks: Sequence[Task]) -> TaggingCorpus:
    """Keeps the columns of some tasks.

    Args:
        corpus: the corpus.
        tasks: tasks of the corpus, perhaps with other weights, in the order wanted.
    """
    columns = ["tokens", *(task.name for task in tasks), "domain", "sent_id"]
    return TaggingCorpus({split: data.select_columns(columns) for split, data in corpus.items()}, tasks, corpus.notes)


def keep_labelled(corpus: TaggingCorpus) -> TaggingCorpus:
    """Leaves out the sentences that carry none of the tasks.

    Raises:
        UserError: a split of which nothing is left.
    """
    names = [task.name for task in corpus.tasks]
    return TaggingCorpus(
        {split: _labelled(data, split, names) for split, data in corpus.items()}, corpus.tasks, corpus.notes
    )


def _labelled(data: Dataset, split: str, tasks: Sequence[str]) -> Dataset:
    carries = [read_column(data, task).is_valid().to_numpy(zero_copy_only=False) for task in tasks]
    rows = np.flatnonzero(np.any(carries, axis=0))
    if not len(rows):
        raise UserError(f"split {split!r}: no sentence is left that carries one of {', '.join(tasks)}")
    return data if len(rows) == len(data) else data.select(rows)
