"""Tagged sentences as CoNLL columns and as JSON lines."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hf_sluice.errors import UserError
from hf_sluice.prediction.word_column import COLUMNS_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hf_sluice.prediction.sentences import TaggedSentence, UntaggedSentence


class OutputFormat(StrEnum):
    """How tagged sentences are written."""

    CONLL = "conll"
    JSONL = "jsonl"


def write_sentences(sentences: Iterable[TaggedSentence], tasks: Sequence[str], form: OutputFormat) -> Iterator[str]:
    """Yields the text of the output piece by piece, each piece ending with a line break.

    ``conll``: a first line ``# global.columns = FORM …`` with the names of the tasks, then one line per word (the word
    and a column per task, separated by tabs) and an empty line after each sentence. ``jsonl``: one object per sentence
    with ``tokens``, a list per task under its name, and ``offsets`` where the words were cut from a text.

    Raises:
        UserError: a word that cannot stand in a column, or a task with the name of one of the other fields.
    """
    if form is OutputFormat.JSONL:
        taken = [name for name in tasks if name in ("tokens", "offsets")]
        if taken:
            raise UserError(f"task {taken[0]!r}: the name is taken in JSON lines; use --output-format conll")
        yield from map(_json_line, sentences)
        return
    yield f"{COLUMNS_HEADER}{' '.join(('FORM', *tasks))}\n"
    for sentence in sentences:
        yield _column_lines(sentence)


def _json_line(tagged: TaggedSentence) -> str:
    values: dict[str, Any] = {"tokens": list(tagged.sentence.words)}
    if tagged.sentence.offsets is not None:
        values["offsets"] = tagged.sentence.offsets
    return json.dumps({**values, **tagged.predictions}, ensure_ascii=False) + "\n"


def _column_lines(tagged: TaggedSentence) -> str:
    for word in tagged.sentence.words:
        if "\t" in word or "\n" in word or word.isspace():
            raise _no_cell(word, tagged.sentence)
    columns = [map(str, values) for values in tagged.predictions.values()]
    rows = zip(tagged.sentence.words, *columns, strict=True)
    return "".join("\t".join(row) + "\n" for row in rows) + "\n"


def _no_cell(word: str, sentence: UntaggedSentence) -> UserError:
    place = sentence.place.path if sentence.place.line is None else f"{sentence.place.path}:{sentence.place.line}"
    return UserError(f"{place}: the word {word!r} cannot stand in a column; use --output-format jsonl")
