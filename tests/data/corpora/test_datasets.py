from __future__ import annotations

import json

import pytest
from datasets import DatasetDict

from hf_sluice.data.assemble import assemble
from hf_sluice.data.load import load_corpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

TASKS = (Task("pos", labels=("V", "N")), Task("time", kind="regression", metric="spearman"))
SENTENCES = [
    Sentence(["a", "b"], {"pos": ["N", None], "time": [1.0, None]}, "s1", "web"),
    Sentence(["c"], {"pos": ["V"], "time": None}, "s2", "news"),
]
UNLABELLED = [Task("pos"), TASKS[1]]


@pytest.fixture
def corpus():
    return assemble({"train": SENTENCES, "validation": SENTENCES[:1], "test": SENTENCES[1:]}, TASKS)


def same(left, right):
    assert left.tasks == right.tasks
    assert left.domains == right.domains
    for split in right:
        assert left[split].features == right[split].features
        assert left[split][:] == right[split][:]
    assert list(left) == list(right)


def test_a_saved_corpus_comes_back(tmp_path, corpus):
    corpus.save_to_disk(tmp_path / "saved")
    same(load_corpus("datasets", path=tmp_path / "saved", tasks=UNLABELLED), corpus)
    same(load_corpus("datasets", path="saved", root=tmp_path, tasks=UNLABELLED), corpus)


def test_a_corpus_in_parquet_comes_back(tmp_path, corpus):
    for split, data in corpus.items():
        data.to_parquet(tmp_path / f"{split}.parquet")
    same(load_corpus("datasets", path=tmp_path, tasks=UNLABELLED), corpus)
    files = {split: f"{split}.parquet" for split in corpus}
    same(load_corpus("datasets", files=files, root=tmp_path, tasks=UNLABELLED), corpus)


def test_json_lines_with_columns_of_other_names(tmp_path, corpus):
    rows = [
        {"words": s.tokens, "tag": s.layers["pos"], "ms": s.layers["time"], "genre": s.domain, "id": s.sent_id}
        for s in SENTENCES
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    loaded = load_corpus(
        "datasets",
        files={"train": "a.jsonl"},
        root=tmp_path,
        tasks=[{"name": "pos", "labels": ["V", "N"], "column": "tag"}, {**TASKS[1].to_dict(), "column": "ms"}],
        tokens_column="words",
        domain_column="genre",
        sent_id_column="id",
    )
    assert loaded["train"][:] == corpus["train"][:]
    assert loaded.domains == corpus.domains


def test_splits_may_have_other_names(tmp_path, corpus):
    renamed = DatasetDict({"train": corpus["train"], "dev": corpus["validation"], "extra": corpus["test"]})
    renamed.save_to_disk(tmp_path / "saved")
    splits = {"train": "train", "validation": "dev", "test": "extra"}
    same(load_corpus("datasets", path=tmp_path / "saved", tasks=UNLABELLED, splits=splits), corpus)
    only = load_corpus("datasets", path=tmp_path / "saved", tasks=UNLABELLED, splits={"train": "dev"})
    assert list(only) == ["train"]
    with pytest.raises(UserError, match="has no split 'validation', 'test'; it has train, dev, extra; say which"):
        load_corpus("datasets", path=tmp_path / "saved", tasks=UNLABELLED)
    with pytest.raises(UserError, match="splits: 'dev' is not one of train, validation, test"):
        load_corpus("datasets", path=tmp_path / "saved", tasks=UNLABELLED, splits={"dev": "dev"})


def test_a_missing_column_names_those_there_are(tmp_path, corpus):
    corpus.save_to_disk(tmp_path / "saved")
    with pytest.raises(UserError, match="has no column 'ner'; it has tokens, pos, time, domain, sent_id"):
        load_corpus("datasets", path=tmp_path / "saved", tasks=[Task("ner")])


def test_an_unknown_label_in_test_data_is_named_with_its_row(tmp_path):
    for name, label in (("train", "N"), ("test", "X")):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"tokens": ["a"], "pos": [label]}) + "\n")
    files = {"train": "train.jsonl", "test": "test.jsonl"}
    with pytest.raises(DataError, match=r"test\.jsonl!test:1: task 'pos': label 'X' is not one of N \(word 1, 'a'\)"):
        load_corpus("datasets", files=files, root=tmp_path, tasks=[Task("pos")])


def test_rows_without_words_are_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"tokens": ["a"], "pos": ["N"]}\n{"tokens": [], "pos": []}\n')
    with pytest.raises(DataError, match=r"a\.jsonl!train:2: sentence 'train-2' has no words"):
        load_corpus("datasets", files={"train": "a.jsonl"}, root=tmp_path, tasks=[Task("pos")])


@pytest.mark.parametrize("given", [{}, {"path": "a", "files": {"train": "a.json"}}])
def test_either_path_or_files(given):
    with pytest.raises(UserError, match="give either path or files"):
        load_corpus("datasets", tasks=[Task("pos")], **given)
