from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

WORDS = ["They", "turned", "it", "over", "to", "Blue", "Cross"]
MARKUP = "They|PRON turned_ it|PRON _over|V.VPC.full-v.social to|P-{preposition} Blue_Cross|N-n.GROUP"
LEXICAL = (
    ("_", "_"), ("1:1", "v.social"), ("_", "_"), ("1:2", "_"), ("_", "{preposition}"), ("2:1", "n.GROUP"), ("2:2", "_"),
)  # fmt: skip


def conllu(sent_id: str, extra: tuple[tuple[str, str], ...] = ()) -> str:
    rows = [f"# sent_id = {sent_id}"]
    for i, form in enumerate(WORDS):
        row = f"{i + 1}\t{form}\t_\tX\tX\t_\t0\t_\t_\t_"
        if extra:
            group, supersense = extra[i]
            row += f"\t{group}\tX\t_\t{supersense.format(preposition='p.Goal')}" + "\t_" * 5
        rows.append(row)
    return "\n".join([*rows, "", ""])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    streusle, ewt = tmp_path / "streusle", tmp_path / "ewt-ud"
    streusle.mkdir()
    ewt.mkdir()
    marked = {"reviews-2": "p.Recipient:p.Goal", "reviews-1": "??"}
    lines = [f"{sent_id}\t{MARKUP.format(preposition=p)}\n" for sent_id, p in marked.items()]
    (streusle / "streusle.ud_train.vis").write_text("".join(lines), encoding="utf-8")
    for split in ("dev", "test"):
        (streusle / f"streusle.ud_{split}.conllulex").write_text(conllu(f"reviews-{split}", LEXICAL), encoding="utf-8")
    others = "".join(conllu(sent_id) for sent_id in ("email-1", "reviews-1", "reviews-2"))
    (ewt / "en_ewt-ud-train.conllu").write_text(others, encoding="utf-8")
    return tmp_path


def labels(corpus: TaggingCorpus, split: str, task: str, row: int = 0) -> str:
    names = corpus[split].features[task].feature.names
    return " ".join("?" if i is None else names[i] for i in corpus[split][row][task])


def test_markup_and_columns_give_the_same_layers(root: Path):
    corpus = load_corpus("streusle", root=root)

    assert {split: data["sent_id"][:] for split, data in corpus.items()} == {
        "train": ["reviews-2", "reviews-1"],
        "validation": ["reviews-dev"],
        "test": ["reviews-test"],
    }
    for split, data in corpus.items():
        assert data["tokens"][0] == WORDS
        assert labels(corpus, split, "mwe") == "O O O O O B-MWE I-MWE"
        assert labels(corpus, split, "supersense") == "O B-v.social O O O B-n.GROUP I-n.GROUP"
    assert labels(corpus, "train", "supersense", 1) == labels(corpus, "train", "supersense", 0)
    assert corpus.domains == ("reviews",)
    assert corpus.notes == ("mwe: 4 of 8 (50.00 %) multiword expressions have a gap and are not marked",)


def test_prepositions_where_they_are_asked_for(root: Path):
    corpus = load_corpus("streusle", root=root, tasks=["supersense"], prepositions=True)

    assert labels(corpus, "train", "supersense") == "O B-v.social O O B-p.Recipient B-n.GROUP I-n.GROUP"
    assert labels(corpus, "train", "supersense", 1) == "O B-v.social O O ? B-n.GROUP I-n.GROUP"
    assert labels(corpus, "test", "supersense") == "O B-v.social O O B-p.Goal B-n.GROUP I-n.GROUP"
    assert corpus.notes == ()


def test_what_is_not_there_is_named(root: Path):
    with pytest.raises(UserError, match="corpus 'streusle': there is no task 'pos'; it has mwe, supersense"):
        load_corpus("streusle", root=root, tasks=["pos"])
    (root / "ewt-ud" / "en_ewt-ud-train.conllu").write_text(conllu("reviews-1"), encoding="utf-8")
    with pytest.raises(DataError, match=r"streusle\.ud_train\.vis:1: sentence 'reviews-2' is not in UD English EWT"):
        load_corpus("streusle", root=root)
    (root / "ewt-ud" / "en_ewt-ud-train.conllu").unlink()
    with pytest.raises(DataError, match=r"ewt-ud: the file en_ewt-ud-train\.conllu \(plain, \.xz or \.gz\) is missing"):
        load_corpus("streusle", root=root)


@pytest.mark.real_data
def test_published_corpus_has_the_documented_counts(data_root: Path):
    corpus = load_corpus("streusle", root=data_root, prepositions=True)
    names = {task.name: task.labels for task in corpus.tasks}

    assert {split: len(data) for split, data in corpus.items()} == {"train": 2_725, "validation": 554, "test": 535}
    for split, documents, words, supersenses, multiword in (
        ("train", 347, 44_811, {"B-n": 7_235, "B-v": 6_360, "B-p": 4_553}, 2_132),
        ("validation", 192, 5_396, {"B-n": 1_040, "B-v": 660, "B-p": 462}, 261),
        ("test", 184, 5_381, {"B-n": 986, "B-v": 697, "B-p": 485}, 255),
    ):
        data = corpus[split]
        assert len({sent_id.rpartition("-")[0] for sent_id in data["sent_id"]}) == documents
        assert sum(map(len, data["tokens"])) == words
        begun = Counter(names["supersense"][i][:3] for row in data["supersense"] for i in row if i is not None)
        assert {kind: begun[kind] for kind in supersenses} == supersenses
        assert sum(names["mwe"][i] == "B-MWE" for row in data["mwe"] for i in row) == multiword
    assert corpus.notes == ("mwe: 371 of 3,019 (12.29 %) multiword expressions have a gap and are not marked",)


@pytest.mark.real_data
def test_published_train_split_has_40_supersenses_of_nouns_and_verbs(data_root: Path):
    corpus = load_corpus("streusle", root=data_root, tasks=["supersense"])
    begun = {i for row in corpus["train"]["supersense"] for i in row}
    assert len({corpus.tasks[0].labels[i][2:] for i in begun} - {""}) == 40
