"""The files beside a graph: what the description of a tagger has to hold, and what is wrong with one that does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .word_features import check_word_features

if TYPE_CHECKING:
    from pathlib import Path

FORMAT, VERSION = "hf_sluice.onnx_tagger", 1
DESCRIPTION, VOCABULARY = "tagger.json", "vocabulary.json"
SHORTEST_LIMIT = 2
"""Of characters of a word: a long one is known by its first and its last half, each of at least one."""


def read_description(path: Path) -> dict[str, Any]:
    """The description of a tagger: ``tasks``, ``max_word_length``, and ``word_features`` if there are some.

    Raises:
        ValueError: the file is missing, damaged or another; the message names it.
    """
    values = read_object(path)
    if values.get("format") != FORMAT or values.get("version") != VERSION:
        found = f"{values.get('format')!r:.60}, version {values.get('version')!r:.20}"
        raise ValueError(f"{path}: should be of format {FORMAT!r}, version {VERSION}, not {found}")
    tasks, length = values.get("tasks"), values.get("max_word_length")
    if not isinstance(tasks, list) or not tasks or not all(map(_is_task, tasks)):
        raise ValueError(f"{path}: tasks should be a list of objects with a name and a list of labels")
    if not isinstance(length, int) or length < SHORTEST_LIMIT:
        raise ValueError(
            f"{path}: max_word_length should be a whole number of at least {SHORTEST_LIMIT}, not {length!r:.20}"
        )
    try:
        check_word_features(values.get("word_features", []))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from None
    return values


def read_object(path: Path) -> dict[str, Any]:
    """The object of a JSON file.

    Raises:
        ValueError: the file is missing, or holds none; the message names it.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: damaged, no JSON ({error})") from None
    if not isinstance(values, dict):
        raise ValueError(f"{path}: damaged; an object is expected, not {type(values).__name__}")
    return values


def _is_task(task: Any) -> bool:
    if not isinstance(task, dict) or not isinstance(task.get("name"), str):
        return False
    labels = task.get("labels", [])
    return isinstance(labels, list) and all(isinstance(label, str) for label in labels)
