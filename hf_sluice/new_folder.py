"""Folders that are there whole or not at all, and never in place of something else."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def check_new_folder(folder: Path) -> None:
    """Sees to it that there is nothing in the way; an empty folder is none.

    Raises:
        UserError: there is.
    """
    try:
        if folder.is_dir() and not any(folder.iterdir()):
            return
        if folder.exists():
            raise UserError(f"{folder}: is there already; a new or an empty folder is expected")
    except OSError as error:
        raise _not_written(folder, error) from None


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder aside, which is renamed into place when the block ends, and removed when it fails.

    Raises:
        UserError: there is something in the way, or the folder cannot be written.
    """
    check_new_folder(folder)
    target = folder.resolve()  # a link stays a link
    aside = target.with_name(f"{target.name}.writing")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if aside.exists():
            shutil.rmtree(aside)  # what a killed command left
        try:
            aside.mkdir()
            yield aside
            aside.replace(target)
        finally:
            if aside.exists():
                shutil.rmtree(aside)
    except OSError as error:
        raise _not_written(folder, error) from None


def _not_written(folder: Path, error: OSError) -> UserError:
    return UserError(f"{folder}: the folder cannot be written ({error.strerror})")
