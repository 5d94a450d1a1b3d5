from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

SENTENCE = """\
{doc} 0 0 Ann NNP (TOP(S(NP*) - - - x (PERSON) (ARG0*) -
{doc} 0 1 slept VBD (VP* sleep 01 - x * (V*) -
{doc} 0 2 in IN (PP* - - - x * (ARGM-LOC* -
{doc} 0 3 New NNP (NP* - - - x (GPE* * -
{doc} 0 4 York NNP *))))) - - - x *) *) -

"""
WITHOUT_LAYERS = "{doc} 0 0 Yes XX - - - - x - -\n\n"


def write(root: Path, path: str, document: str, *sentences: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(sentences).format(doc=document)
    file.write_text(f"#begin document ({document}); part 000\n{text}#end document\n", encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree = "data/{}/data/english/annotations/{}/x/00/x_0001.gold_conll"
    for split, domain in (("train", "nw"), ("train", "pt"), ("development", "bc"), ("test", "wb")):
        document = f"{domain}/x/00/x_0001"
        write(tmp_path / "ontonotes", tree.format(split, domain), document, SENTENCE, WITHOUT_LAYERS)
    write(tmp_path / "ontonotes", tree.format("train", "nw").replace("english", "chinese"), "nw/y/00/y", SENTENCE)
    write(tmp_path / "ontonotes", tree.format("train", "nw").replace("gold_", "auto_"), "nw/z/00/z", SENTENCE)
    return tmp_path


def labels(corpus: TaggingCorpus, task: str, row: int = 0) -> list[str] | None:
    names = corpus["train"].features[task].feature.names
    ids = corpus["train"][row][task]
    return None if ids is None else [names[i] for i in ids]


def test_layers_splits_and_domains(root: Path):
    corpus = load_corpus("ontonotes", root=root)
    assert {split: data["sent_id"][:] for split, data in corpus.items()} == {
        "train": ["nw/x/00/x_0001/0/0"],
        "validation": ["bc/x/00/x_0001/0/0"],
        "test": ["wb/x/00/x_0001/0/0"],
    }
    assert corpus["train"][0]["tokens"] == ["Ann", "slept", "in", "New", "York"]
    assert labels(corpus, "pos") == ["NNP", "VBD", "IN", "NNP", "NNP"]
    assert labels(corpus, "chunk") == ["B-NP", "B-VP", "B-PP", "B-NP", "I-NP"]
    assert labels(corpus, "ner") == ["B-PERSON", "O", "O", "B-GPE", "I-GPE"]
    assert labels(corpus, "srl") == ["ARG0", "V", "ARGM-LOC", "O", "O"]
    assert corpus.domains == ("bc", "nw", "wb")


def test_a_domain_without_names_lacks_the_layer(root: Path):
    corpus = load_corpus("ontonotes", root=root, incomplete="keep")
    assert corpus.domains == ("bc", "nw", "pt", "wb")
    assert corpus["train"]["sent_id"][2] == "pt/x/00/x_0001/0/0"
    assert labels(corpus, "ner", 2) is None
    assert labels(corpus, "chunk", 2) == ["B-NP", "B-VP", "B-PP", "B-NP", "I-NP"]
    named = load_corpus("ontonotes", root=root, unnamed_domains=())
    assert len(named["train"]) == 2


def test_sentences_without_layers_are_left_out_or_kept(root: Path):
    assert any("3 of 8" in note for note in load_corpus("ontonotes", root=root).notes)
    kept = load_corpus("ontonotes", root=root, incomplete="keep")
    assert len(kept["train"]) == 4
    assert [labels(kept, task, 1) for task in ("pos", "chunk", "ner", "srl")] == [None] * 4


def test_other_languages_and_other_endings_can_be_asked_for(root: Path):
    with pytest.raises(DataError, match="split 'validation'"):
        load_corpus("ontonotes", root=root, language="chinese")
    with pytest.raises(DataError, match=r"\*auto_conll"):
        load_corpus("ontonotes", root=root, suffix="auto_conll")


def test_the_root_may_be_the_corpus_itself(root: Path):
    inside = load_corpus("ontonotes", root=root / "ontonotes")
    assert inside["test"].to_list() == load_corpus("ontonotes", root=root)["test"].to_list()


def test_a_document_of_an_unknown_domain_is_an_error(root: Path):
    write(root / "ontonotes", "data/train/data/english/zz.gold_conll", "zz/x/00/x", SENTENCE)
    with pytest.raises(DataError, match=r"zz\.gold_conll:2: document 'zz/x/00/x' does not begin with a domain"):
        load_corpus("ontonotes", root=root)
