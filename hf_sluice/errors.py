"""What a user can get wrong, as exceptions whose text is the one line that the user reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class UserError(Exception):
    """Bad input. The message says what is wrong, where, and what would be right; the commands exit with code 2."""


class DataError(UserError):
    """A file that does not hold what its format promises.

    Args:
        path: the file; a member of an archive is written ``archive.tar.xz!member``.
        line: its line, counted from 1, or None where the fault is not in one line.
        message: what is wrong and what would be right.
    """

    def __init__(self, path: Path | str, line: int | None, message: str) -> None:
        place = str(path) if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {message}")
        self.path = path
        self.line = line


class RecipeError(UserError):
    """A recipe with a field that is unknown, missing or out of range."""


class ModelFolderError(UserError):
    """A model folder or a checkpoint that is missing, damaged or of another type."""
