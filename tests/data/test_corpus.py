from __future__ import annotations

from copy import deepcopy

from datasets import DatasetDict, load_from_disk

from hf_sluice.data.assemble import assemble
from hf_sluice.data.sentence import Sentence
from hf_sluice.tasks import Task


def corpus():
    read = [Sentence(["a", "b"], {"pos": ["N", None]}, "1", "news"), Sentence(["c"], {"pos": None}, "2")]
    return assemble({"train": read, "test": read}, [Task("pos")], ["a note"])


def test_it_is_a_dataset_dict_that_knows_its_tasks():
    it = corpus()
    assert isinstance(it, DatasetDict)
    assert list(it) == ["train", "test"]
    assert it.tasks == (Task("pos", labels=("N",)),)
    assert it.domains == ("news",)


def test_a_copy_is_whole():
    it = deepcopy(corpus())
    assert (it.tasks, it.notes, it["train"][:]) == (corpus().tasks, corpus().notes, corpus()["train"][:])


def test_labels_and_missing_layers_survive_saving(tmp_path):
    corpus().save_to_disk(tmp_path / "saved")
    back = load_from_disk(tmp_path / "saved")
    assert back["train"][:] == corpus()["train"][:]
    assert back["train"].features == corpus()["train"].features


def test_building_a_corpus_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    assert corpus()["train"].cache_files == []
    assert list(tmp_path.iterdir()) == []
