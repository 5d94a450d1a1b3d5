from __future__ import annotations

import pytest
from datasets import load_dataset

from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.domains import keep_domains
from hf_sluice.data.load import load_corpus
from hf_sluice.data.scheme_conversion import convert_scheme
from hf_sluice.errors import UserError
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.corpus_folder import save_corpus
from hf_sluice.hub.corpus_origin import CorpusOrigin
from tests.data.layered_corpus import layered_corpus

ORIGIN = CorpusOrigin(Sources(), {"data": {"corpus": "columns"}})


def same(loaded, corpus):
    assert loaded.tasks == corpus.tasks
    assert loaded.notes == corpus.notes
    assert loaded.domains == corpus.domains
    assert list(loaded) == list(corpus)
    for split, data in corpus.items():
        assert loaded[split].features == data.features
        assert loaded[split][:] == data[:]


@pytest.fixture
def saved(tmp_path):
    def save(corpus):
        save_corpus(corpus, tmp_path / "saved", ORIGIN)
        return tmp_path / "saved"

    return save


def test_a_saved_corpus_comes_back_with_its_tasks_gaps_and_numbers(saved):
    corpus = layered_corpus()
    folder = saved(corpus)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "README.md",
        "tasks.json",
        "data/train-00000-of-00001.parquet",
        "data/test-00000-of-00001.parquet",
    }
    loaded = load_corpus("datasets", path=folder)
    same(loaded, corpus)
    assert None in loaded["train"]["chunk"][:]
    assert any(None in labels for labels in loaded["train"]["pos"][:])


def test_what_was_chosen_and_converted_comes_back(saved):
    corpus = convert_scheme(keep_domains(load_demo_corpus(0, 24, 8, 8), "travel"), "ner", "BIOES")
    same(load_corpus("datasets", path=saved(corpus)), corpus)


def test_it_is_loaded_from_within(saved, monkeypatch):
    corpus = layered_corpus()
    monkeypatch.chdir(saved(corpus))
    same(load_corpus("datasets", path="."), corpus)


def test_some_tasks_are_read_and_converted_again(saved):
    corpus = load_demo_corpus(0, 24, 8, 8)
    folder = saved(corpus)
    asked = ["srl", {"name": "ner", "weight": 2.0, "scheme": "BIOES"}]
    loaded = load_corpus("datasets", path="saved", root=folder.parent, tasks=asked)
    srl, ner = loaded.tasks
    assert srl == corpus.tasks[3]
    assert (ner.weight, ner.scheme) == (2.0, "BIOES")
    expected = convert_scheme(corpus, "ner", "BIOES")
    assert loaded["train"]["ner"][:] == expected["train"]["ner"][:]
    assert loaded["train"]["srl"][:] == corpus["train"]["srl"][:]


def test_the_library_reads_it_by_its_card(saved):
    corpus = layered_corpus()
    folder = saved(corpus)
    for streaming in (False, True):
        data = load_dataset(str(folder), streaming=streaming, cache_dir=str(folder.parent / "cache"))
        assert list(data) == list(corpus)
        assert data["train"].features == corpus["train"].features
        assert list(data["test"]) == list(corpus["test"])
    assert data["train"].info.splits["train"].num_examples == len(corpus["train"])


def test_the_same_corpus_makes_the_same_files(tmp_path):
    for name in "ab":
        save_corpus(layered_corpus(), tmp_path / name / "corpus", ORIGIN)
    for path in (tmp_path / "a").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_nothing_that_is_there_is_overwritten(saved):
    corpus = layered_corpus()
    folder = saved(corpus)
    with pytest.raises(UserError, match="is there already; a new or an empty folder is expected"):
        saved(corpus)
    same(load_corpus("datasets", path=folder), corpus)


def test_labels_in_the_data_that_the_task_file_does_not_have_are_named(saved):
    folder = saved(layered_corpus())
    tasks = (folder / "tasks.json").read_text(encoding="utf-8")
    (folder / "tasks.json").write_text(tasks.replace('"V"', '"W"'), encoding="utf-8")
    with pytest.raises(UserError, match="label 'V' is not one of D, N, W"):
        load_corpus("datasets", path=folder)
