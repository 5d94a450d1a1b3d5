"""The ``tasks.json`` of a data set, in a folder or on the Hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.task_file import TASK_FILE, TaskFile
from hf_sluice.errors import UserError
from hf_sluice.models.hub_file import FileSource

if TYPE_CHECKING:
    from pathlib import Path


def find_task_file(path: Path | str, revision: str | None = None, *, is_needed: bool) -> TaskFile | None:
    """What a data set says of its tasks; None where it says nothing.

    Args:
        path: the folder or the Hub id.
        revision: branch, tag or commit on the Hub.
        is_needed: whether it is an error where the Hub cannot be asked; the data may be there from earlier on.

    Raises:
        UserError: the Hub cannot be asked, or the file is damaged (then a DataError).
    """
    try:
        return TaskFile.read(FileSource(path, revision, kind="dataset").file(TASK_FILE))
    except FileNotFoundError:
        return None
    except OSError as error:
        if not is_needed:
            return None
        raise UserError(f"data set {error}") from None
