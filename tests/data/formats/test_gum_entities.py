from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.conllu import ConlluSentence, ConlluWord, read_conllu
from hf_sluice.data.formats.gum_entities import Entity, read_entities
from hf_sluice.data.sentence import Place
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = "GRP-etype-infstat-salience-centering-minspan-link-identity"


def sentence(*miscs: str, fields: str = FIELDS) -> ConlluSentence:
    words = tuple(
        ConlluWord("w", "w", "NOUN", "NN", "_", 0, "dep", "_", misc, line) for line, misc in enumerate(miscs, start=7)
    )
    return ConlluSentence(words, {}, {"global.Entity": fields}, "s-1", Place("a.conllu", 7))


def opening(group: str, kind: str, identity: str = "") -> str:
    return f"({group}-{kind}-giv:act-nnnnn-cf1*-1,2-coref" + (f"-{identity}" if identity else "")


def test_nested_entities_and_identities():
    read = read_entities(
        sentence(
            f"Discourse=x|Entity={opening('1', 'event')}{opening('2', 'organization', 'Coca-Cola_Co.')}|SpaceAfter=No",
            "_",
            f"Entity=2){opening('3', 'person')})",
            "Entity=1)",
        )
    )
    assert read == [
        Entity(Span("organization", 0, 3), "Coca-Cola_Co."),
        Entity(Span("person", 2, 3), ""),
        Entity(Span("event", 0, 4), ""),
    ]


def test_entities_may_cross_and_share_a_group():
    read = read_entities(
        sentence(
            f"Entity={opening('1', 'person')}",
            f"Entity={opening('2', 'place')}{opening('1', 'person')}",
            "Entity=1)1)",
            "Entity=2)",
        )
    )
    assert [entity.span for entity in read] == [Span("person", 1, 3), Span("person", 0, 3), Span("place", 1, 4)]


def test_a_named_entity_has_an_identity_and_a_proper_noun():
    named = Entity(Span("person", 0, 2), "Byron")
    assert named.is_named(["DT", "NNP", "VBD"])
    assert named.is_named(["DT", "NNPS", "VBD"])
    assert not named.is_named(["DT", "NN", "NNP"])
    assert not Entity(Span("person", 0, 2), "").is_named(["DT", "NNP", "VBD"])


@pytest.mark.parametrize(
    ("miscs", "place", "message"),
    [
        ((f"Entity={opening('1', 'person')}", "_"), "a.conllu:7", "entity 1 is not closed"),
        (("_", "Entity=1)"), "a.conllu:8", "entity 1 is closed but was not opened"),
        ((f"Entity={opening('2', 'person')}", "Entity=3)"), "a.conllu:8", "entity 3 is closed but"),
        (("_", "Entity=1"), "a.conllu:8", "are no brackets"),
        (("_", "Entity=()"), "a.conllu:8", "are no brackets"),
        (("_", "Entity=(4)"), "a.conllu:8", "entity 4 has no type"),
    ],
)
def test_malformed_entities_are_named(miscs: tuple[str, ...], place: str, message: str):
    with pytest.raises(DataError) as error:
        read_entities(sentence(*miscs))
    assert str(error.value).startswith(f"{place}: ")
    assert message in str(error.value)


@pytest.mark.parametrize("fields", ["", "etype-GRP-identity", "GRP-etype"])
def test_the_document_has_to_name_the_fields(fields: str):
    with pytest.raises(DataError, match=r"global\.Entity"):
        read_entities(sentence(f"Entity={opening('1', 'person')})", fields=fields))


@pytest.mark.real_data
def test_counts_of_the_published_corpus(data_root: Path):
    entities = [e for s in read_conllu(data_root / "gum" / "dep.tar.xz") for e in read_entities(s)]
    assert len(entities) == 45_190
    assert Counter(entity.span.label for entity in entities if entity.identity) == {
        "person": 3_470,
        "place": 2_964,
        "organization": 1_424,
        "abstract": 955,
        "event": 223,
        "object": 144,
        "substance": 68,
        "time": 43,
        "animal": 32,
        "plant": 27,
    }
