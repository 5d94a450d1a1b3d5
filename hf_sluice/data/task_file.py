"""``tasks.json``: what a saved corpus says of its tasks, besides the columns that hold their labels.

From it a corpus is trained on again without a word about its tasks: schemes, metrics, weights and decoders are those of
the corpus that was saved.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.errors import DataError, UserError
from hf_sluice.models.strict_json import check_count, check_fields, check_kind, check_text, read_strict_json, shown
from hf_sluice.tasks import Task
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TASK_FILE = "tasks.json"
_FORMAT = "hf_sluice.corpus_tasks"
_VERSION = 1
_FIELDS = ("format", "version", "tasks", "notes", "sources")
_LARGEST = 16 * 2**20
_LONGEST_LABEL = 1000
_LONGEST_NOTE = 10_000
_TEXTS = ("name", "kind", "scheme", "metric", "decoder")


@dataclass(frozen=True, slots=True)
class TaskFile:
    """What stands beside the data files of a saved corpus.

    Args:
        tasks: those of its columns.
        notes: facts about the data that a user should see, one line each.
        sources: names of the corpora that it was made of, as ``load_corpus`` knows them, so far as they are known.
    """

    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Writes the file into the folder of the corpus."""
        values = {
            "format": _FORMAT,
            "version": _VERSION,
            "tasks": [task.to_dict() for task in self.tasks],
            "notes": list(self.notes),
            "sources": list(self.sources),
        }
        with write_whole(folder / TASK_FILE) as file:
            file.write(json.dumps(values, indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> TaskFile:
        """Reads a file, whoever wrote it.

        Raises:
            DataError: it is damaged, none of these, or of a later version.
        """
        try:
            values = read_strict_json(path, _LARGEST)
            _check_format(values)
            return cls(
                tuple(_task(f"tasks.{number}", task) for number, task in enumerate(_list("tasks", values["tasks"]))),
                _texts("notes", values["notes"], _LONGEST_NOTE),
                _texts("sources", values["sources"], _LONGEST_LABEL),
            )
        except (ValueError, UserError) as error:
            raise DataError(path, None, str(error)) from None


def _check_format(values: Mapping[str, Any]) -> None:
    if values.get("format") != _FORMAT:
        found = shown(values.get("format"))
        raise ValueError(f"says nothing of the tasks of a corpus; its format should be {_FORMAT!r}, not {found}")
    if check_count("version", values.get("version")) > _VERSION:
        raise ValueError(
            f"is of version {shown(values['version'])} of the format, and this program reads version {_VERSION}; "
            "a later hf_sluice reads it"
        )
    check_fields(values, _FIELDS)
    names = [task.get("name") for task in _list("tasks", values["tasks"]) if isinstance(task, dict)]
    if not names or any(names.count(name) > 1 for name in names):
        raise ValueError("tasks: at least one is needed, and each with a name of its own")


def _task(place: str, values: Any) -> Task:
    check_kind(place, values, dict)
    for field, value in values.items():
        if field in _TEXTS:
            check_text(f"{place}.{field}", value, _LONGEST_LABEL)
    check_kind(f"{place}.name", values.get("name"), str)
    if "weight" in values:
        check_kind(f"{place}.weight", values["weight"], float)
    for number, label in enumerate(_list(f"{place}.labels", values.get("labels", []))):
        if label != "":
            check_text(f"{place}.labels.{number}", label, _LONGEST_LABEL)
    return Task.from_dict(values)


def _list(place: str, value: Any) -> list[Any]:
    checked: list[Any] = check_kind(place, value, list)
    return checked


def _texts(place: str, values: Any, longest: int) -> tuple[str, ...]:
    return tuple(check_text(f"{place}.{number}", value, longest) for number, value in enumerate(_list(place, values)))
