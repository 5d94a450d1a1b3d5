from __future__ import annotations

import tarfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

FIELDS = "GRP-etype-infstat-salience-centering-minspan-link-identity"
DOCUMENTS = {
    "GUM_news_a": ("train", "news"),
    "GUM_bio_b": ("dev", "bio"),
    "GUM_news_c": ("test", "news"),
    "GUM_conversation_d": ("train", "conversation"),
    "GUM_court_carpet": ("test", "court"),
}
ROWS = (
    ("The", "DET", "DT", "Entity=(1-organization-new-n-cf1-1-coref"),
    ("Paris", "PROPN", "NNP", "Entity=(2-place-new-n-cf2-1-coref-Paris)|XML=<ref>"),
    ("club", "NOUN", "NN", "Entity=1)(4-event-new-n-cf3-1-coref|XML=</ref>"),  # crosses entity 1
    ("saw", "VERB", "VBD", "Entity=4)"),
    ("him", "PRON", "PRP", "Entity=(3-person-new-n-cf3-1-coref-Lord_Byron)"),
)
TREE = "(ROOT (S (NP-SBJ (DT w) (NNP w) (NN w)) (VP (VBD w) (NP (PRP w)))))\n"


def conllu(name: str) -> str:
    rows = [f"# newdoc id = {name}", f"# global.Entity = {FIELDS}"]
    for number in (1, 2):
        rows.append(f"# sent_id = {name}-{number}")
        for i, (form, upos, xpos, misc) in enumerate(ROWS, start=1):
            rows.append(f"{i}\t{form}\t_\t{upos}\t{xpos}\t_\t{0 if i == 4 else 4}\tdep\t_\t{misc}")
        rows.append("")
    return "\n".join(rows) + "\n"


def pack(folder: Path, name: str, members: dict[str, str]) -> None:
    with tarfile.open(folder / name, "w:xz") as tar:
        for member, text in members.items():
            path = folder / "member"
            path.write_text(text, encoding="utf-8")
            tar.add(path, arcname=member)
            path.unlink()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "gum"
    folder.mkdir()
    table = "".join(f"{name}\t{split}\t{genre}\t2\n" for name, (split, genre) in DOCUMENTS.items())
    (folder / "documents.tsv").write_text("doc\tsplit\tgenre\tsentences\n" + table, encoding="utf-8")
    pack(folder, "dep.tar.xz", {f"dep/{name}.conllu": conllu(name) for name in DOCUMENTS})
    pack(folder, "const.tar.xz", {f"const/{name}.ptb": TREE * 2 for name in DOCUMENTS})
    return tmp_path


def labels(corpus: TaggingCorpus, task: str) -> list[str]:
    names = corpus["train"].features[task].feature.names
    return [names[i] for i in corpus["train"][0][task]]


def test_layers_splits_and_genres(root: Path):
    corpus = load_corpus("gum", root=root)
    assert {split: data["sent_id"][:] for split, data in corpus.items()} == {
        "train": ["GUM_news_a-1", "GUM_news_a-2"],
        "validation": ["GUM_bio_b-1", "GUM_bio_b-2"],
        "test": ["GUM_news_c-1", "GUM_news_c-2"],
    }
    assert labels(corpus, "pos") == ["DT", "NNP", "NN", "VBD", "PRP"]
    assert labels(corpus, "upos") == ["DET", "PROPN", "NOUN", "VERB", "PRON"]
    assert labels(corpus, "chunk") == ["B-NP", "I-NP", "I-NP", "B-VP", "B-NP"]
    assert labels(corpus, "ner") == ["B-organization", "I-organization", "I-organization", "O", "B-person"]
    assert labels(corpus, "hyperlinks") == ["O", "B-link", "I-link", "O", "O"]
    assert corpus.domains == ("bio", "news")


def test_named_entities_have_an_identity_and_a_proper_noun(root: Path):
    corpus = load_corpus("gum", root=root, tasks=["ner"], named_only=True)
    assert labels(corpus, "ner") == ["O", "B-place", "O", "O", "O"]


def test_texts_of_uncertain_licence_are_left_out_unless_asked_for(root: Path):
    corpus = load_corpus("gum", root=root, tasks=["pos"])
    assert any("6 of 10" in note for note in corpus.notes)
    assert any("conversation" in note for note in corpus.notes)
    everything = load_corpus("gum", root=root, tasks=["pos"], uncertain_licences=True)
    assert sum(len(data) for data in everything.values()) == 10
    assert everything.domains == ("bio", "conversation", "court", "news")
    assert not any("left out" in note for note in everything.notes)


def test_trees_are_read_for_chunks_only(root: Path):
    (root / "gum" / "const.tar.xz").unlink()
    assert len(load_corpus("gum", root=root, tasks=["ner"])["train"]) == 2
    with pytest.raises(DataError, match="no such file"):
        load_corpus("gum", root=root)


@pytest.mark.parametrize(
    ("trees", "message"),
    [(TREE, "tree 2 of GUM_news_a is missing"), (TREE + "(ROOT (NP (NN w)))", "5 words, but tree 2 of GUM_news_a 1")],
)
def test_trees_that_do_not_fit_are_an_error(root: Path, trees: str, message: str):
    members = {f"const/{name}.ptb": trees if name == "GUM_news_a" else TREE * 2 for name in DOCUMENTS}
    pack(root / "gum", "const.tar.xz", members)
    with pytest.raises(DataError, match=message):
        load_corpus("gum", root=root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("GUM_bio_b\tdev", "GUM_bio_b\tval", r"documents\.tsv:3: "), ("GUM_bio_b", "GUM_bio_x", "is not listed in")],
)
def test_a_faulty_list_of_documents_is_an_error(root: Path, old: str, new: str, message: str):
    path = root / "gum" / "documents.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_corpus("gum", root=root, tasks=["pos"])


@pytest.mark.real_data
def test_published_corpus_has_the_documented_sentences(data_root: Path):
    corpus = load_corpus("gum", root=data_root, uncertain_licences=True)
    assert {split: len(data) for split, data in corpus.items()} == {"train": 7_208, "validation": 969, "test": 862}
    assert sum(len(tokens) for data in corpus.values() for tokens in data["tokens"]) == 159_933
    genres = Counter(corpus.domains[i] for data in corpus.values() for i in data["domain"])
    assert genres == {
        "academic": 597,
        "bio": 771,
        "conversation": 2_016,
        "court": 481,
        "interview": 1_067,
        "news": 765,
        "speech": 643,
        "textbook": 688,
        "vlog": 1_184,
        "voyage": 827,
    }
    sizes = {"pos": 46, "upos": 17, "chunk": 21, "ner": 21, "hyperlinks": 3}
    assert {task.name: len(task.labels) for task in corpus.tasks} == sizes
    assert sum(any(row) for data in corpus.values() for row in data["ner"]) == 8_338
    links: Counter[str] = Counter()
    for data in corpus.values():
        for domain, row in zip(data["domain"], data["hyperlinks"], strict=True):
            links[corpus.domains[domain]] += sum(i == corpus.tasks[-1].labels.index("B-link") for i in row)
    assert links == {
        "academic": 143,
        "bio": 885,
        "conversation": 0,
        "court": 0,
        "interview": 158,
        "news": 553,
        "speech": 3,
        "textbook": 30,
        "vlog": 0,
        "voyage": 215,
    }


@pytest.mark.real_data
def test_published_corpus_without_uncertain_licences(data_root: Path):
    corpus = load_corpus("gum", root=data_root, tasks=["pos"])
    assert {split: len(data) for split, data in corpus.items()} == {"train": 5_608, "validation": 640, "test": 669}
    assert len(corpus.domains) == 9
