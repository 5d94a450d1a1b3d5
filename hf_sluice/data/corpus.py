"""The form in which all annotated data reaches models: a DatasetDict that knows its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasets import Dataset, DatasetDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hf_sluice.tasks import Task


class TaggingCorpus(DatasetDict):
    """Splits (``train``, ``validation``, ``test``) with the same columns, and the tasks that they are annotated for.

    Columns: ``tokens`` (list of strings), one per task, named as the task (list of ClassLabel ids, or of floats for
    regression; None where a sentence lacks the layer, and for a single word that is not annotated), ``domain``
    (ClassLabel, None where unknown) and ``sent_id``. Methods inherited from DatasetDict return a plain DatasetDict.

    Args:
        splits: per split its sentences.
        tasks: the annotated tasks; their label sets are those of the columns.
        notes: facts about the data that a user should see, one line each.
    """

    def __init__(self, splits: Mapping[str, Dataset], tasks: Iterable[Task], notes: Iterable[str] = ()) -> None:
        super().__init__(splits)
        self.tasks: tuple[Task, ...] = tuple(tasks)
        self.notes: tuple[str, ...] = tuple(notes)

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the domains, in the order of their ids."""
        return tuple(next(iter(self.values())).features["domain"].names)
