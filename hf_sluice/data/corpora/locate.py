"""Finding the files of a corpus, whichever way they are packed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_PACKED = ("", ".xz", ".gz")


def find_file(folder: Path, *names: str) -> Path:
    """The first of some files that is there, plain or packed (``.xz``, ``.gz``).

    Args:
        folder: where they are.
        names: without the ending of the packing; an earlier one is preferred.

    Raises:
        DataError: none is there.
    """
    for name in names:
        for ending in _PACKED:
            path = folder / f"{name}{ending}"
            if path.is_file():
                return path
    wanted = " or ".join(names)
    raise DataError(folder, None, f"the file {wanted} (plain, .xz or .gz) is missing in this folder")
