"""Entities in the MISC column of GUM: ``Entity=(2-person-…-Lord_Byron`` opens one, ``2)`` closes it, brackets may nest.

The fields of an opening bracket are named by the document's comment ``# global.Entity = GRP-etype-…-identity``. The
last, the Wikipedia title of a named thing, is left out where there is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.data.formats.conllu import ConlluSentence, ConlluWord

_KEY = "Entity="
_BRACKET = re.compile(r"\(([^()]+)(\)?)|([^()]+)\)")
_GROUP, _TYPE, _IDENTITY = "GRP", "etype", "identity"
_PROPER_NOUN_TAGS = frozenset({"NNP", "NNPS"})


class Entity(NamedTuple):
    """A mention: its words with the entity type as label, and the Wikipedia title of what it names, or ``""``."""

    span: Span
    identity: str

    def is_named(self, tags: Sequence[str]) -> bool:
        """Whether it is a named entity in the usual sense: with an identity and a proper noun among its words.

        Pronouns have an identity too where they stand for a named thing.

        Args:
            tags: the Penn Treebank tags of the sentence's words.
        """
        return bool(self.identity) and not _PROPER_NOUN_TAGS.isdisjoint(tags[self.span.start : self.span.end])


class _Open(NamedTuple):
    group: str
    entity_type: str
    identity: str
    start: int


def read_entities(sentence: ConlluSentence) -> list[Entity]:
    """All mentions of a sentence, in the order in which they end.

    Raises:
        DataError: the document does not name the fields, or brackets that do not match within the sentence.
    """
    opened: list[_Open] = []
    entities: list[Entity] = []
    for position, word in enumerate(sentence.words):
        for fields, single, closed in _brackets(word, sentence.place.path):
            if fields:
                opened.append(_open(fields, position, _field_names(sentence)))
            if not fields or single:
                entities.append(_close(opened, closed, position, word, sentence.place.path))
    if opened:
        raise DataError(
            sentence.place.path, sentence.place.line, f"entity {opened[-1].group} is not closed in its sentence"
        )
    return entities


def _brackets(word: ConlluWord, path: str) -> list[tuple[str, str, str]]:
    """Per bracket of a word: the fields of an opening one, whether it closes at once, the group of a closing one."""
    if _KEY not in word.misc:
        return []
    value = next((item[len(_KEY) :] for item in word.misc.split("|") if item.startswith(_KEY)), "")
    brackets = list(_BRACKET.finditer(value))
    if "".join(bracket[0] for bracket in brackets) != value:
        raise DataError(path, word.line, f"entities {value!r} are no brackets such as (1-person-…, 1) or (1-person-…)")
    return [(bracket[1] or "", bracket[2] or "", bracket[3] or "") for bracket in brackets]


def _field_names(sentence: ConlluSentence) -> list[str]:
    names = sentence.document.get("global.Entity", "").split("-")
    if names[:2] != [_GROUP, _TYPE] or names[-1] != _IDENTITY:
        raise DataError(
            sentence.place.path,
            sentence.place.line,
            f"the document's comment 'global.Entity' should begin with {_GROUP}-{_TYPE} and end with {_IDENTITY}",
        )
    return names


def _open(fields: str, position: int, names: Sequence[str]) -> _Open:
    values = fields.split("-", len(names) - 1)
    return _Open(
        group=values[0],
        entity_type=values[1] if len(values) > 1 else "",
        identity=values[-1] if len(values) == len(names) else "",
        start=position,
    )


def _close(opened: list[_Open], group: str, position: int, word: ConlluWord, path: str) -> Entity:
    """Ends the entity of a group (the last opened where none is said), which may cross others."""
    for i in reversed(range(len(opened))):
        if not group or opened[i].group == group:
            found = opened.pop(i)
            if not found.entity_type:
                raise DataError(
                    path, word.line, f"entity {found.group} has no type; ({found.group}-person-… is expected"
                )
            return Entity(Span(found.entity_type, found.start, position + 1), found.identity)
    raise DataError(path, word.line, f"entity {group} is closed but was not opened in this sentence")
