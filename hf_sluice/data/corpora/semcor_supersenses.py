"""Supersenses of SemCor's units: the WordNet lexicographer files (Ciaramita and Altun 2006) of nouns and verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from hf_sluice.data.formats.semcor import Unit

_FIRST_NOUN_FILE = 3
_NOUNS = (
    "Tops act animal artifact attribute body cognition communication event feeling food group location motive object "
    "person phenomenon plant possession process quantity relation shape state substance time"
)
_VERBS = (
    "body change cognition communication competition consumption contact creation emotion motion perception possession "
    "social stative weather"
)
_FILES = dict(
    enumerate((*(f"noun.{n}" for n in _NOUNS.split()), *(f"verb.{v}" for v in _VERBS.split())), _FIRST_NOUN_FILE)
)
_LAST_FILE = 44  # 0, 1, 2 and 44 are those of adjectives and adverbs
_NAMES = {"person": "noun.person", "location": "noun.location", "group": "noun.group", "other": None}

SUPERSENSES = tuple(_FILES.values())
"""The 26 of nouns and the 15 of verbs, in the order of WordNet's files."""


def supersense(unit: Unit, path: str) -> str | None:
    """The supersense of a unit.

    A name that WordNet does not have is tagged with the sense of the word *person*, *location* or *group*, which is
    ``noun.Tops``; its kind (``pn``) gives the supersense of what it names instead. Of several senses the first counts.

    Args:
        unit: a unit.
        path: its file, for messages.

    Returns:
        "" where it is neither noun nor verb or has no sense, None for a name of the kind ``other``: what it names has
        a supersense, but nobody says which.

    Raises:
        DataError: an unknown kind of name, or what is no sense.
    """
    if unit.name_kind:
        if unit.name_kind not in _NAMES:
            raise DataError(path, unit.line, f"pn={unit.name_kind} is not one of {', '.join(_NAMES)}")
        return _NAMES[unit.name_kind]
    return _FILES.get(_file(unit.senses[0], unit.line, path), "") if unit.senses else ""


def _file(sense: str, line: int, path: str) -> int:
    """The number of the lexicographer file in a sense key without lemma, ``type:file:sense:head:number``."""
    fields = sense.split(":")
    if len(fields) < 2 or not fields[1].isdecimal() or int(fields[1]) > _LAST_FILE:  # noqa: PLR2004 (type and file)
        raise DataError(path, line, f"lexsn={sense} has no lexicographer file; 1:03:00:: is expected, for example")
    return int(fields[1])
