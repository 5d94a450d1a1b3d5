from __future__ import annotations

from hf_sluice.experiments.relations.own_parts import own_parts
from hf_sluice.recipe import DataRecipe
from hf_sluice.training.recipe_corpus import load_source_corpus
from tests.experiments.relations.tiny_study import load, part


def parts(data):
    return list(data.options["parts"])


def test_only_the_parts_of_the_tasks_are_left(tmp_path):
    data = load(tmp_path).data

    assert parts(own_parts(data, ["ner"])) == ["b"]
    assert parts(own_parts(data, ["chunk", "pos"])) == ["a", "c"]
    assert own_parts(data, ["ner"]).options["parts"]["b"] == data.options["parts"]["b"]


def test_a_task_of_several_parts_keeps_them_all():
    options = {"parts": {"a": part("pos", 1), "b": part("ner", 2), "c": part("pos", 3)}, "sampling_seed": 5}
    data = own_parts(DataRecipe(corpus="combined", options=options), ["pos"])

    assert parts(data) == ["a", "c"]
    assert data.options["sampling_seed"] == 5


def test_a_task_made_from_another_keeps_the_parts_of_that(tmp_path):
    data = load(tmp_path, data={"derived_tasks": {"place": {"source": "ner", "labels": "position"}}}).data

    assert parts(own_parts(data, ["place"])) == ["b"]


def test_other_corpora_stay_as_they_are():
    data = DataRecipe(corpus="demo")

    assert own_parts(data, ["pos"]) is data


def test_what_is_read_is_the_same(tmp_path):
    data = load(tmp_path).data
    whole, own = (load_source_corpus(section, ["ner"]) for section in (data, own_parts(data, ["ner"])))

    assert [whole[split][:] for split in whole] == [own[split][:] for split in own]
