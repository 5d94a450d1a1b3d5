from __future__ import annotations

import pytest

from hf_sluice.data.corpora.semcor_supersenses import SUPERSENSES, supersense
from hf_sluice.data.formats.semcor import Unit
from hf_sluice.errors import DataError


def of(*senses: str, name: str = "") -> str | None:
    return supersense(Unit(("w",), senses, name, 3), "f")


@pytest.mark.parametrize(
    ("sense", "expected"),
    [
        ("1:03:00::", "noun.Tops"),
        ("1:14:00::", "noun.group"),
        ("1:18:01::", "noun.person"),
        ("1:28:00::", "noun.time"),
        ("2:29:00::", "verb.body"),
        ("2:38:00::", "verb.motion"),
        ("2:43:00::", "verb.weather"),
        ("3:00:00::", ""),
        ("3:01:00::", ""),
        ("3:44:00::", ""),
        ("4:02:00::", ""),
        ("5:00:00:past:00", ""),
    ],
)
def test_the_lexicographer_file_of_nouns_and_verbs(sense: str, expected: str):
    assert of(sense) == expected


def test_there_are_26_of_nouns_and_15_of_verbs():
    assert [sum(name.startswith(f"{kind}.") for name in SUPERSENSES) for kind in ("noun", "verb")] == [26, 15]
    assert len(set(SUPERSENSES)) == 41


def test_without_sense_there_is_none():
    assert of() == ""


def test_of_several_senses_the_first_counts():
    assert of("1:26:00::", "1:11:00::") == "noun.state"


def test_names_are_what_they_name():
    assert of("1:03:00::", name="person") == "noun.person"
    assert of("1:03:00::", name="location") == "noun.location"
    assert of("1:03:00::", name="group") == "noun.group"
    assert of(name="other") is None


@pytest.mark.parametrize("sense", ["", "1", "1:x:00::", "1:45:00::", "1:-3:00::"])
def test_what_is_no_sense_is_an_error(sense: str):
    with pytest.raises(DataError, match=f"f:3: lexsn={sense} has no lexicographer file"):
        of(sense)


def test_an_unknown_kind_of_name_is_an_error():
    with pytest.raises(DataError, match="f:3: pn=ship is not one of person, location, group, other"):
        of("1:06:00::", name="ship")
