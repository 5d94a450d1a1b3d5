"""Text files as streams of numbered lines: plain, gzip, xz, and the members of tar archives."""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias, cast

from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NumberedLines: TypeAlias = "Iterator[tuple[int, str]]"
"""Lines with their numbers, counted from 1, without the line break."""

_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz")
_GZIP_SUFFIXES = (".gz", ".tgz")
_XZ_SUFFIXES = (".xz", ".txz")
_DRAIN_BYTES = 1 << 20


def iter_lines(path: Path | str) -> NumberedLines:
    r"""Streams a text file; ``.gz`` and ``.xz`` are unpacked on the way.

    A line ends at ``\n`` (or ``\r\n``) alone: other characters that Unicode counts as line breaks may stand in a
    word. A byte order mark at the start of the file is dropped.

    Raises:
        DataError: the file is missing, damaged, cut short or not UTF-8.
    """
    with _open_bytes(path) as stream:
        yield from decode_lines(stream, str(path))


def iter_members(archive: Path | str, suffix: str = "") -> Iterator[tuple[str, NumberedLines]]:
    """Streams the files of a tar archive whose names end in ``suffix``, in one pass and in the archive's order.

    Yields:
        ``archive!member`` and the member's lines, which can be read only until the next member is asked for.

    Raises:
        DataError: the archive is missing, damaged, cut short, holds no such file, or a line is not UTF-8.
    """
    for name, stream in _iter_member_streams(archive, (suffix,)):
        yield name, decode_lines(stream, name)


def iter_member_bytes(archive: Path | str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """The contents of the files of a tar archive whose names end in one of ``suffixes``, one file at a time.

    Yields:
        ``archive!member`` and what it holds.

    Raises:
        DataError: the archive is missing, damaged, cut short or holds no such file.
    """
    for name, stream in _iter_member_streams(archive, suffixes):
        with _named_errors(name):
            content = stream.read()
        yield name, content


def _iter_member_streams(archive: Path | str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, IO[bytes]]]:
    found = False
    with _open_bytes(archive) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(suffixes):
                found = True
                # extractfile gives None only for members that are not files
                yield f"{archive}!{member.name}", cast("IO[bytes]", tar.extractfile(member))
        # tarfile stops at the end mark of the archive; damage behind it shows only when the stream is read out
        while stream.read(_DRAIN_BYTES):
            pass
    if not found:
        raise DataError(archive, None, f"no file in the archive ends in {' or '.join(map(repr, suffixes))}")


def iter_texts(path: Path | str, suffix: str = "") -> Iterator[tuple[str, NumberedLines]]:
    """Streams what a path holds: the one file, or the members of a tar archive whose names end in ``suffix``.

    Yields:
        The name that error messages should give, and the lines.
    """
    if str(path).endswith(_TAR_SUFFIXES):
        yield from iter_members(path, suffix)
    else:
        yield str(path), iter_lines(path)


@contextmanager
def _open_bytes(path: Path | str) -> Iterator[IO[bytes]]:
    name = str(path)
    with _named_errors(name):
        if name.endswith(_GZIP_SUFFIXES):
            with gzip.open(path, "rb") as unzipped:
                yield cast("IO[bytes]", unzipped)
        elif name.endswith(_XZ_SUFFIXES):
            with lzma.open(path, "rb") as unpacked:
                yield unpacked
        else:
            with Path(path).open("rb") as plain:
                yield plain


@contextmanager
def _named_errors(name: str) -> Iterator[None]:
    """Turns what opening, unpacking and reading may raise into a DataError that names the file."""
    try:
        yield
    except EOFError:
        raise DataError(name, None, "the file is cut short; fetch it again") from None
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, tarfile.TarError) as error:
        raise DataError(name, None, f"the file is damaged ({error}); fetch it again") from None
    except FileNotFoundError:
        raise DataError(name, None, "no such file") from None
    except IsADirectoryError:
        raise DataError(name, None, "this is a folder; a file is expected") from None
    except OSError as error:
        raise DataError(name, None, f"the file cannot be read ({error.strerror})") from None


def decode_lines(lines: Iterable[bytes], name: str) -> NumberedLines:
    """Numbers and decodes lines as :func:`iter_lines` does, from any stream, such as standard input.

    Args:
        lines: a binary stream.
        name: what error messages should call it.

    Raises:
        DataError: the stream is damaged, cut short or not UTF-8.
    """
    with _named_errors(name):
        for number, raw in enumerate(lines, start=1):
            yield number, _text(raw, name, number).removesuffix("\n").removesuffix("\r")


def _text(raw: bytes, name: str, line: int) -> str:
    try:
        return raw.decode("utf-8-sig" if line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(name, line, f"not UTF-8 (byte {error.start + 1} of the line); save it as UTF-8") from None
