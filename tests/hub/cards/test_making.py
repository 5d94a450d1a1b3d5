from __future__ import annotations

import pytest
import yaml

from hf_sluice.hub.cards import making
from tests.analysis.small_subnets import small_search
from tests.hub.cards.small_records import NER, POS, TOKENIZER, full_record, new_sparse_model, recipe_of, record_of
from tests.training.tiny_training import new_model


def facts(table):
    return dict(table.rows)


def test_the_size_is_that_of_the_model():
    record = record_of()

    assert facts(making.size_table(record))["parameters"] == f"{record.tagger.model.num_parameters():,}"


def test_of_masked_parameters_those_used_count():
    shares = {"pos": 0.5, "ner": 0.5}
    whole, half = (record_of(model=new_sparse_model((POS, NER), masks)) for masks in (None, shares))
    name = "parameters without embeddings and heads, of masked ones those used"
    counts = [int(facts(making.size_table(record))[name].replace(",", "")) for record in (whole, half)]

    assert counts[1] < counts[0]


def test_the_cost_is_told_in_steps_time_and_hardware():
    assert facts(making.cost_table(full_record())) == {
        "training": "3 epochs, 1,200 steps, that of epoch 2 kept",
        "time": "61 s, since the last resumption if there was one",
        "processes": "1, with 2 threads each, on cpu",
        "hardware": "A Processor",
    }


def test_a_search_is_part_of_the_cost():
    model, search = small_search(2)
    record = full_record(search_seconds=600.0)
    cost = facts(making.cost_table(record_of((), model=model, results=record.results, search=search)))

    assert cost["search for masks"] == "12 candidates in 12 s, the warm-up not counted"
    assert cost["warm-up and search"] == "10 min in this run"


def test_what_older_runs_did_not_record_is_left_out():
    record = full_record()
    for name in ("machine", "versions", "commit"):
        del record.results[name]

    assert facts(making.cost_table(record))["processes"] == "1, on cpu"
    assert making.versions_table(record) is None


def test_of_a_model_alone_there_is_neither_cost_nor_recipe():
    record = record_of()

    assert making.cost_table(record) is making.epochs_table(record) is making.versions_table(record) is None
    assert making.recipe_text(record) is None


def test_the_epoch_that_was_kept_is_marked():
    epochs = tuple({"epoch": i, "step": 1000 * (i + 1), "validation": {"pos": 0.5, "ner": None}} for i in range(2))
    results = full_record().results

    assert making.epochs_table(record_of(results=results, epochs=epochs)).rows == (
        ("1", "1,000", "50.00", "-"),
        ("2 (kept)", "2,000", "50.00", "-"),
    )


def test_versions_come_with_the_commit():
    assert making.versions_table(full_record()).rows == (
        ("hf_sluice", "0.1.0"), ("torch", "9.9"), ("commit of hf_sluice", "c0ffee")
    )  # fmt: skip


def test_the_recipe_tells_nothing_of_the_machine():
    data = {"corpus": "columns", "root": "/home/me/data", "options": {"files": {"train": "/home/me/secret/a.conll"}}}
    text = making.recipe_text(record_of(recipe=recipe_of((POS,), data=data)))

    assert "/home" not in text
    assert yaml.safe_load(text)["data"]["options"] == {"files": {"train": "a.conll"}}


@pytest.mark.parametrize(("alpha", "shown"), [("balanced", "balanced"), ([[0.5, 0.5]] * 2, "as in config.json")])
def test_settings_are_all_that_a_recipe_could_set_but_no_large_tables(alpha, shown):
    model = new_model(TOKENIZER, (POS, NER), num_subspaces=1, alpha_init=alpha)
    settings = yaml.safe_load(making.model_settings(record_of(model=model)))

    assert settings["alpha_init"] == shown
    assert list(settings) == ["model_type", *model.config.recipe_fields()]
