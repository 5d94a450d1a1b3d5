"""Pretrained word vectors from the text files of GloVe and word2vec."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray


def load_word_vectors(
    path: Path | str, vocabulary: Mapping[str, int], dimension: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Reads the vectors of the words of a vocabulary, streaming; vectors of other words are skipped unparsed.

    A word gets the vector of the file's word of the same spelling. Where there is none, it gets that of the first word
    in the file that is the same in lower case, so a lower-cased vocabulary finds ``London`` and a cased one ``london``.
    A word that stands twice in the file keeps its first vector.

    The matrix is for copying into an embedding *after* the model is constructed; see ``PreTrainedModel.post_init``.

    Args:
        path: text, plain or ``.gz``, UTF-8: per line a word, which may contain spaces, and its values, with spaces
            between; with or without word2vec's first line of word count and dimension.
        vocabulary: row of the matrix for each word.
        dimension: D, the number of values that each line must have.

    Returns:
        (V, D) the vectors, 0 where none was found, V being the largest row + 1; and (V,) where one was found.

    Raises:
        ValueError: there is no such file, it is empty or damaged, or a line is malformed or of another dimension; the
            message is one line and says ``file:line``.
    """
    path = Path(path)
    rows = max(vocabulary.values(), default=-1) + 1
    matrix, found, exact = np.zeros((rows, dimension), np.float32), np.zeros(rows, bool), np.zeros(rows, bool)
    folded: dict[str, list[int]] = {}
    for word, row in vocabulary.items():
        folded.setdefault(word.lower(), []).append(row)
    for place, word, values in _entries(path, dimension):
        own = vocabulary.get(word)
        wanted = [row for row in folded.get(word.lower(), ()) if not (exact[row] if row == own else found[row])]
        if wanted:
            matrix[wanted] = _parse(values, place)
            found[wanted] = True
            exact[wanted] |= np.equal(wanted, -1 if own is None else own)
    return matrix, found


def _entries(path: Path, dimension: int) -> Iterator[tuple[str, str, bytes]]:
    """The lines of a file: place, word and values, of which there are as many as ``dimension``."""
    number = 0
    for number, raw in enumerate(_lines(path), start=1):
        place = f"{path}:{number}"
        line = raw.strip(b" \t\r\n")
        if number == 1 and _is_header(line, place, dimension):
            continue
        word, values = _divide(line, place, dimension)
        try:
            yield place, word.decode("utf-8"), values
        except UnicodeDecodeError:
            raise ValueError(f"{place}: the word is not UTF-8") from None
    if number == 0:
        raise ValueError(f"{path}: the file is empty; each line should have a word and {dimension} values")


def _lines(path: Path) -> Iterator[bytes]:
    # Binary lines end at line feeds only: words may hold other characters that str.splitlines takes for line ends.
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file of word vectors")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        try:
            yield from stream
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"{path}: the gzip file is damaged ({error})") from None


def _is_header(line: bytes, place: str, dimension: int) -> bool:
    """Whether the first line is word2vec's, of two whole numbers, and no number with its vector of one value."""
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() for field in fields):  # noqa: PLR2004
        return False
    given = int(fields[1])
    if given != dimension and dimension > 1:
        raise ValueError(f"{place}: the file holds vectors of {given} values, expected {dimension}")
    return given == dimension


def _divide(line: bytes, place: str, dimension: int) -> tuple[bytes, bytes]:
    """Separates a word from its values by counting the values from the end."""
    extra = line.count(b" ") - dimension
    if extra == 0:
        word, _, values = line.partition(b" ")
        return word, values
    # The word itself has spaces, as some of GloVe's do (". . ."), or the line has another number of values.
    fields = line.rsplit(b" ", dimension)
    if extra < 0 or _is_decimal(fields[0].rpartition(b" ")[2]):
        raise ValueError(f"{place}: the line has {max(len(line.split()) - 1, 0)} values, expected {dimension}")
    return fields[0], b" ".join(fields[1:])


def _is_decimal(field: bytes) -> bool:
    try:
        return b"." in field and math.isfinite(float(field))
    except ValueError:
        return False


def _parse(values: bytes, place: str) -> list[float]:
    try:
        vector = [float(value) for value in values.split(b" ")]
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    if not all(map(math.isfinite, vector)):
        raise ValueError(f"{place}: a value is not finite")
    return vector
