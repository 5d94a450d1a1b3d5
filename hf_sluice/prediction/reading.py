"""Sentences to tag, streamed from text, pre-tokenised lines, column files, CoNLL-U and JSON lines."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hf_sluice.data.formats.columns import Separator
from hf_sluice.data.formats.conllu import read_conllu_lines
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError, UserError
from hf_sluice.prediction.sentences import UntaggedSentence
from hf_sluice.prediction.word_column import read_word_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hf_sluice.data.reading import NumberedLines


class InputFormat(StrEnum):
    """How sentences to tag are written."""

    TEXT = "text"
    TOKENS = "tokens"
    COLUMNS = "columns"
    CONLLU = "conllu"
    JSONL = "jsonl"


_SUFFIXES = {
    ".txt": InputFormat.TEXT,
    ".tok": InputFormat.TOKENS,
    ".conll": InputFormat.COLUMNS,
    ".conllup": InputFormat.COLUMNS,
    ".tsv": InputFormat.COLUMNS,
    ".conllu": InputFormat.CONLLU,
    ".jsonl": InputFormat.JSONL,
}


def format_of(path: Path) -> InputFormat:
    """The format that a file's name tells; ``.gz`` and ``.xz`` after it do not count.

    Raises:
        UserError: the name tells none.
    """
    suffixes = [suffix for suffix in path.suffixes if suffix not in (".gz", ".xz")]
    last = suffixes[-1].lower() if suffixes else ""
    if last not in _SUFFIXES:
        raise UserError(
            f"{path}: the name does not tell the format; give --input-format ({', '.join(InputFormat)}), or a name "
            f"that ends in {', '.join(_SUFFIXES)}"
        )
    return _SUFFIXES[last]


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads sentences to tag.

    Args:
        split: cuts raw text into triples of word, first character, and the one after the last.
        word_column: of column files, see :func:`read_word_column`.
        separator: of column files, likewise.
    """

    split: Callable[[str], list[tuple[str, int, int]]]
    word_column: str | None = None
    separator: Separator = Separator.WHITESPACE

    def read(self, name: str, lines: NumberedLines, form: InputFormat) -> Iterator[UntaggedSentence]:
        """Streams the sentences of one file; ``name`` is what error messages call it.

        Lines of text and of tokens are one sentence each; those without a word are passed over.

        Raises:
            DataError: a line that is not what the format promises, or a file without sentences.
        """
        read = {
            InputFormat.TEXT: self._read_text,
            InputFormat.TOKENS: _read_tokens,
            InputFormat.COLUMNS: self._read_columns,
            InputFormat.CONLLU: _read_conllu,
            InputFormat.JSONL: _read_json,
        }[form]
        found = False
        for sentence in read(name, lines):
            found = True
            yield sentence
        if not found:
            raise DataError(name, None, "no sentences; at least one is expected")

    def _read_text(self, name: str, lines: NumberedLines) -> Iterator[UntaggedSentence]:
        for number, line in lines:
            triples = self.split(line)
            if triples:
                words = [word for word, _, _ in triples]
                yield UntaggedSentence(words, Place(name, number), [(start, end) for _, start, end in triples])

    def _read_columns(self, name: str, lines: NumberedLines) -> Iterator[UntaggedSentence]:
        return read_word_column(name, lines, self.word_column, self.separator)


def _read_tokens(name: str, lines: NumberedLines) -> Iterator[UntaggedSentence]:
    for number, line in lines:
        stripped = line.strip(" \t")
        if stripped:
            yield UntaggedSentence(re.split(r"[ \t]+", stripped), Place(name, number))


def _read_conllu(name: str, lines: NumberedLines) -> Iterator[UntaggedSentence]:
    for sentence in read_conllu_lines(name, lines):
        yield UntaggedSentence([word.form for word in sentence.words], sentence.place)


def _read_json(name: str, lines: NumberedLines) -> Iterator[UntaggedSentence]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise DataError(name, number, f"not JSON ({error})") from None
        if not isinstance(values, dict) or not isinstance(values.get("tokens"), list):
            raise DataError(name, number, 'an object with a list of words is expected: {"tokens": ["A", "word"]}')
        yield UntaggedSentence(values["tokens"], Place(name, number))
