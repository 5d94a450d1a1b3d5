from __future__ import annotations

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError

TASKS = [{"name": "pos", "column": "upos"}, {"name": "number", "column": "feats:Number"}]
SCORE = {"name": "score", "column": "misc:Score", "kind": "regression", "metric": "spearman"}


@pytest.fixture
def folder(tmp_path):
    for split, label in (("train", "NOUN"), ("test", "X")):
        row = f"1\tw\tw\t{label}\t_\tNumber=Sing\t0\troot\t_\tScore=2"
        (tmp_path / f"{split}.conllu").write_text(f"# sent_id = web-{split}\n{row}\n")
    return tmp_path


def test_a_corpus_of_conllu_files(folder):
    domain = {"source": "sent_id", "pattern": "^([a-z]+)-"}
    corpus = load_corpus("conllu", root=folder, tasks=[*TASKS, SCORE], files={"train": "train.conllu"}, domain=domain)
    assert corpus["train"][0] == {
        "tokens": ["w"],
        "pos": [0],
        "number": [0],
        "score": [2.0],
        "domain": 0,
        "sent_id": "web-train",
    }
    assert [task.labels for task in corpus.tasks] == [("NOUN",), ("Sing",), ()]
    assert corpus.domains == ("web",)


def test_unknown_label_in_test_data(folder):
    files = {"train": "train.conllu", "test": "test.conllu"}
    with pytest.raises(DataError, match=r"test\.conllu:2: task 'pos': label 'X' is not one of NOUN \(word 1, 'w'\)"):
        load_corpus("conllu", root=folder, tasks=TASKS, files=files)


def test_a_layer_that_does_not_exist(folder):
    with pytest.raises(UserError, match="CoNLL-U layer 'pos': expected one of"):
        load_corpus("conllu", root=folder, tasks=[{"name": "pos"}], files={"train": "train.conllu"})


@pytest.mark.real_data
def test_gum_by_genre(data_root):
    corpus = load_corpus(
        "conllu",
        root=data_root / "gum",
        tasks=[{"name": "pos", "column": "xpos"}],
        files={"train": "dep.tar.xz"},
        domain={"source": "meta::genre", "pattern": "(.+)"},
        domains=["news", "court"],
    )
    assert len(corpus["train"]) == 765 + 481
    assert len(corpus.domains) == 10
    assert len(corpus.tasks[0].labels) == 46
