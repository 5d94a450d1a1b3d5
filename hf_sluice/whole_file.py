"""Files that are there whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def write_whole(path: Path | str) -> Iterator[IO[str]]:
    """Opens a UTF-8 text file that replaces ``path`` when the block ends, and leaves it untouched when the block fails.

    What is no regular file (``/dev/null``, a named pipe) is written to directly.

    Raises:
        UserError: the file cannot be written, there or beside it.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        with _named_errors(target), target.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        return
    target = target.resolve()  # a link stays a link
    aside = target.with_name(f"{target.name}.writing")
    with _named_errors(target), aside.open("w", encoding="utf-8", newline="\n") as file:
        try:
            yield file
            file.close()
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})") from None
