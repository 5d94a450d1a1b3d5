"""Domains as tasks, for domain adaptation (Daumé III 2007; Ruder et al. 2019, "Prior Work as Instances")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import only_in, read_column, with_columns
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from datasets import Dataset

    from hf_sluice.tasks import Task


def split_by_domain(corpus: TaggingCorpus, base: str) -> TaggingCorpus:
    """Adds for each domain of the training split a task ``<base>_<domain>`` with the label set of the base task.

    A sentence carries the task of its own domain only.

    Args:
        corpus: with a split ``train``.
        base: a task of the corpus.

    Raises:
        UserError: no such task, training sentences without a domain, or a domain whose task's name is taken or none.
    """
    of_base = next((task for task in corpus.tasks if task.name == base), None)
    if of_base is None:
        raise UserError(f"domain_tasks: there is no task {base!r}; there is {', '.join(t.name for t in corpus.tasks)}")
    train = corpus["train"]
    present = set(train["domain"][:])
    if None in present:
        raise UserError(f"domain_tasks: {train['domain'][:].count(None)} training sentences have no domain")
    tasks = {
        number: replace(of_base, name=f"{base}_{corpus.domains[number]}", weight=1.0) for number in sorted(present)
    }
    for task in tasks.values():
        if task.name in train.column_names:
            raise UserError(f"domain_tasks: the name {task.name!r} is taken by a column of the corpus")
    splits = {split: _with_tasks(data, base, tasks) for split, data in corpus.items()}
    notes = (f"{task.name}: {base} in the sentences of {corpus.domains[number]}" for number, task in tasks.items())
    return TaggingCorpus(splits, (*corpus.tasks, *tasks.values()), (*corpus.notes, *notes))


def _with_tasks(data: Dataset, base: str, tasks: dict[int, Task]) -> Dataset:
    layer_B = read_column(data, base)
    domain_B = np.array([-1 if domain is None else domain for domain in data["domain"][:]])
    columns = {task.name: only_in(layer_B, domain_B == number) for number, task in tasks.items()}
    return with_columns(data, columns, dict.fromkeys(columns, data.features[base]))
