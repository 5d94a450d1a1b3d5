"""The list of its files that a push leaves in the repository, so that the next one knows which are its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PUSHED_FILES = "pushed_files.json"
_FORMAT = "hf_sluice.pushed_files"


def write_list(files: Iterable[str]) -> bytes:
    """The list as a file; it names itself too."""
    values = {"format": _FORMAT, "version": "1", "files": sorted({*files, PUSHED_FILES})}
    return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()


def read_list(content: bytes) -> frozenset[str]:
    """What a list names; nothing where it is damaged: then nothing is known to have been pushed."""
    try:
        values = json.loads(content)
    except ValueError:
        return frozenset()
    if not isinstance(values, dict) or values.get("format") != _FORMAT or not isinstance(values.get("files"), list):
        return frozenset()
    return frozenset(name for name in values["files"] if isinstance(name, str))
