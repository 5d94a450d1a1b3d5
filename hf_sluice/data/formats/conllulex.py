"""CoNLL-U-Lex, the format of STREUSLE: CoNLL-U with nine more columns for lexical expressions.

Read of them are SMWE (``2:1``: the first word of the second strong multiword expression of the sentence) and SS (the
supersense, at the first word of an expression; of a preposition its role).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.expressions import Expression
from hf_sluice.data.formats.conllu import read_conllu_lines
from hf_sluice.data.reading import NumberedLines, iter_lines
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hf_sluice.data.formats.conllu import ConlluSentence

_CONLLU_COLUMNS, _COLUMNS = 10, 19
_STRONG_GROUP, _SUPERSENSE = 10, 13  # from 0
_NOTHING = "_"


class LexicalSentence(NamedTuple):
    """One sentence, and its strong expressions in the order of their first words."""

    read: ConlluSentence
    expressions: list[Expression]


def read_conllulex(path: Path | str) -> Iterator[LexicalSentence]:
    """Streams the sentences of a file.

    Raises:
        DataError: a word line without exactly 19 columns, a multiword expression that is malformed, or what reading
            CoNLL-U raises.
    """
    reader = _Reader(str(path))
    for read in read_conllu_lines(str(path), reader.conllu_lines()):
        yield LexicalSentence(read, reader.expressions(read))


@dataclass(slots=True)
class _Reader:
    """Reads one file; keeps the columns that CoNLL-U does not have, by line, until their sentence is complete."""

    name: str
    groups: dict[int, str] = field(default_factory=dict)
    supersenses: dict[int, str] = field(default_factory=dict)

    def conllu_lines(self) -> NumberedLines:
        for number, line in iter_lines(self.name):
            if not line.strip() or line.startswith("#"):
                yield number, line
                continue
            cells = line.split("\t")
            if len(cells) != _COLUMNS:
                raise DataError(self.name, number, f"ragged line: {len(cells)} columns, separated by tabs, not 19")
            self.groups[number] = cells[_STRONG_GROUP]
            self.supersenses[number] = "" if cells[_SUPERSENSE] == _NOTHING else cells[_SUPERSENSE]
            yield number, "\t".join(cells[:_CONLLU_COLUMNS])

    def expressions(self, read: ConlluSentence) -> list[Expression]:
        """The strong expressions of a sentence, single words among them; raises DataError for a group out of order."""
        groups: dict[str, list[int]] = {}
        for i, word in enumerate(read.words):
            group, _, position = self.groups[word.line].partition(":")
            members = groups.setdefault(f"word {i}" if group == _NOTHING else group, [])
            members.append(i)
            if group != _NOTHING and position != str(len(members)):
                raise DataError(
                    self.name, word.line, f"SMWE {self.groups[word.line]!r}, where {group}:{len(members)} is expected"
                )
        found = [Expression(tuple(words), self.supersenses[read.words[words[0]].line]) for words in groups.values()]
        self.groups, self.supersenses = {}, {}
        return found
