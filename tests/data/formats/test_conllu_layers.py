from __future__ import annotations

import pytest

from hf_sluice.data.domains import DomainRule
from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.data.formats.conllu_layers import ConlluLayer, to_sentence
from hf_sluice.errors import DataError, UserError

ROWS = [
    ["a", "b", "DET", "_", "Num=Sg|Case=Nom", "0", "root", "_", "Gap=1.5|Flag|Ref=x=y"],
    ["_", "_", "_", "PU", "_", "1", "_", "_", "_"],
    ["_", "_", "X", "PU", "Num=Pl", "1", "_", "_", "Gap=-2|Gap2=3"],
]


@pytest.fixture
def sentence(tmp_path):
    path = tmp_path / "a.conllu"
    lines = ["# newdoc id = d", "# genre = web", *("\t".join([str(n), *row]) for n, row in enumerate(ROWS, 1))]
    path.write_text("\n".join(lines) + "\n")
    return next(read_conllu(path))


def labels(sentence, address, *, numeric=False):
    return to_sentence(sentence, {"t": ConlluLayer.parse(address, numeric=numeric)}).layers["t"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("upos", ["DET", None, "X"]),
        ("xpos", [None, "PU", "PU"]),
        ("deprel", ["root", None, None]),
        ("lemma", ["b", "_", "_"]),
        ("feats", ["Num=Sg|Case=Nom", "_", "Num=Pl"]),
        ("feats:Num", ["Sg", "_", "Pl"]),
        ("feats:Case", ["Nom", "_", "_"]),
        ("misc:Gap", ["1.5", "_", "-2"]),
        ("misc:Flag", ["Flag", "_", "_"]),
        ("misc:Ref", ["x=y", "_", "_"]),
        ("misc:None", ["_", "_", "_"]),
    ],
)
def test_addresses(sentence, address, expected):
    assert labels(sentence, address) == expected


def test_numbers(sentence):
    assert labels(sentence, "misc:Gap", numeric=True) == [1.5, None, -2.0]
    with pytest.raises(DataError, match=r"a\.conllu:3: misc:Ref: 'x=y' is not a number"):
        labels(sentence, "misc:Ref", numeric=True)


def test_a_key_that_stands_twice_is_named_with_its_line(tmp_path):
    path = tmp_path / "a.conllu"
    path.write_text("1\tw\tw\tX\tX\t_\t0\troot\t_\tA=1|B=2|A=3\n")
    sentence = next(read_conllu(path))
    assert labels(sentence, "misc:B") == ["2"]
    with pytest.raises(DataError, match=r"a\.conllu:1: key 'A' stands twice in MISC 'A=1\|B=2\|A=3'"):
        labels(sentence, "misc:A")


@pytest.mark.parametrize("address", ["pos", "", "upos:x", "misc:", ":x", "UPOS", "form", "head"])
def test_addresses_of_nothing(address):
    with pytest.raises(UserError, match=r"expected one of lemma, upos, .*, or feats:<key>, misc:<key>"):
        ConlluLayer.parse(address)


def test_the_sentence(sentence):
    it = to_sentence(sentence, {}, DomainRule(source="genre", pattern="(.*)"))
    assert (it.tokens, it.layers, it.sent_id, it.domain) == (["a", "_", "_"], {}, "a.conllu-1", "web")
    assert it.place == sentence.place
    assert to_sentence(sentence, {}).domain is None


@pytest.mark.parametrize(("source", "found"), [("sent_id", "a.conllu-1"), ("newdoc id", "d"), ("genre", "web")])
def test_where_the_domain_may_be_found(sentence, source, found):
    assert to_sentence(sentence, {}, DomainRule(source=source, pattern="^(.*)$")).domain == found


def test_metadata_of_the_document_serves_its_later_sentences(tmp_path):
    path = tmp_path / "a.conllu"
    row = "1\tw\tw\tX\tX\t_\t0\troot\t_\t_\n\n"
    path.write_text(f"# newdoc id = d\n# genre = web\n{row}# sent_id = s\n{row}# genre = own\n{row}")
    rule = DomainRule(source="genre", pattern="(.*)")
    assert [to_sentence(s, {}, rule).domain for s in read_conllu(path)] == ["web", "web", "own"]
