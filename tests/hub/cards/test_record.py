from __future__ import annotations

import json
import shutil

import pytest

from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.hub.cards.record import CardRecord
from tests.hub.cards.small_records import AGE, NER, POS, full_record, recipe_of, record_of, results_of


def test_the_record_of_a_run_is_all_that_it_wrote(demo_run):
    record = CardRecord.read(demo_run / "model", demo_run, "user/demo")

    assert [task.name for task in record.tasks] == ["pos", "chunk", "ner"]
    assert record.results["seed"] == record.recipe.seed
    assert [epoch["epoch"] for epoch in record.epochs] == [0]
    assert record.search is None
    assert set(record.training_labels) == {"pos", "chunk", "ner"}
    assert record.group("train")["sentences"] == 60
    assert record.trained_domains == {"chat", "news", "recipes", "travel"}


def test_the_search_for_masks_is_part_of_it(sparse_run):
    assert set(CardRecord.read(sparse_run / "model", sparse_run, None).search.chosen) == {"pos", "chunk", "ner"}


@pytest.mark.parametrize("run", [None, "empty"])
def test_of_a_model_alone_nothing_else_is_known(demo_run, tmp_path, run):
    record = CardRecord.read(demo_run / "model", None if run is None else tmp_path, None)

    assert record.results is record.recipe is record.trained_domains is None
    assert record.groups == record.notes == []
    assert record.training_labels == {}


def test_a_run_that_is_not_finished_has_a_recipe_but_no_results(demo_run, tmp_path):
    shutil.copy(demo_run / "recipe.yaml", tmp_path)
    record = CardRecord.read(demo_run / "model", tmp_path, None)

    assert record.results is None
    assert record.recipe.task_names == ["pos", "chunk", "ner"]


def test_the_run_of_another_model_is_refused(demo_run, sparse_run):
    with pytest.raises(UserError, match=r"the run is another model's than .*; its tasks or sizes differ$"):
        CardRecord.read(demo_run / "model", sparse_run, None)


@pytest.mark.parametrize("damage", [lambda values: values.pop("tasks"), lambda values: values.update(tasks=[1])])
def test_a_damaged_record_is_refused(demo_run, tmp_path, damage):
    shutil.copy(demo_run / "recipe.yaml", tmp_path)
    values = json.loads((demo_run / "results.json").read_text(encoding="utf-8"))
    damage(values)
    (tmp_path / "results.json").write_text(json.dumps(values), encoding="utf-8")

    with pytest.raises(ModelFolderError, match=r"results.json: damaged; tasks or parameters are missing$"):
        CardRecord.read(demo_run / "model", tmp_path, None)


def test_domains_trained_on_are_those_that_were_read_or_else_those_asked_for():
    asked = recipe_of((POS,), data={"train_domains": ["a"]})
    old = results_of((POS,))
    del old["data"]

    assert full_record().trained_domains == {"blog", "news"}
    assert record_of((POS,), recipe=asked, results=old).trained_domains == {"a"}
    assert record_of((POS,), recipe=recipe_of((POS,)), results=old).trained_domains is None


def test_notes_tell_nothing_of_the_machine():
    data = {"notes": ["read from /home/somebody/corpora/a.conll"], "groups": [], "training_labels": {}}

    assert record_of((POS,), results=results_of((POS,), data=data)).notes == ["read from a.conll"]


@pytest.mark.parametrize(("keep", "best"), [("best", True), ("last", False)])
def test_which_epoch_was_kept_is_said_by_the_recipe(keep, best):
    recipe = recipe_of((POS, NER), training={"early_stopping": {"metric": "pos", "keep": keep}})

    assert record_of(recipe=recipe).keeps_best_epoch is best


def test_tasks_are_those_of_the_model_whatever_else_describes_them():
    record = record_of((POS, AGE))
    record.tagger.model.config.tasks[0]["colour"] = "red"

    assert record.tasks == (POS, AGE)
