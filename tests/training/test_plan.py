from __future__ import annotations

import pytest

from hf_sluice.training.plan import run_facts, tasks_table
from tests.training.sparse_training import new_sparse_model
from tests.training.tiny_training import LENGTH, POS, corpus_of, new_trainer, sentence

WITH_BOTH = [sentence(f"a{n} b", n, "news", pos=["D", "N"], length=[1.0, 2.0]) for n in range(5)]
WITH_POS = [sentence(f"c{n} d", 10 + n, "chat", pos=["D", "N"], length=None) for n in range(12)]


def trainer(tmp_path, **settings):
    corpus = corpus_of((POS, LENGTH), train=WITH_BOTH + WITH_POS, validation=WITH_BOTH + WITH_POS[:1], test=WITH_BOTH)
    return new_trainer(corpus, tmp_path, batch_size=4, **settings)


def test_sentences_that_carry_a_task_are_counted_per_split(tmp_path):
    rows = {row[0]: row for row in tasks_table(trainer(tmp_path)).rows}

    assert rows["pos"] == ("pos", "accuracy", "3", "17", "6", "5", "5", "1")
    assert rows["length"] == ("length", "mean_squared_error", "-", "5", "5", "5", "5", "1")


def test_steps_are_those_that_train_the_task(tmp_path):
    rows = {row[0]: row for row in tasks_table(trainer(tmp_path, step="per_task", sampling="proportional")).rows}

    assert (rows["pos"][6], rows["length"][6]) == ("5", "2")


@pytest.mark.parametrize(("step", "steps"), [("joint", "5 joint steps"), ("per_task", "7 per-task steps")])
def test_facts_of_the_run(tmp_path, step, steps):
    planned = trainer(tmp_path, step=step)
    facts = dict(run_facts(planned))

    assert facts["train domains"] == "chat, news"
    assert facts["test domains"] == "news"
    assert facts["training"].startswith(steps)
    assert facts["parameters"] == f"{planned.model.num_parameters():,}"
    assert facts["vocabulary"].startswith(f"{planned.tokenizer.vocab_size} words")
    assert facts["device"].endswith("1 process")
    assert facts["objective"] == "fixed"


def test_the_network_is_named_by_what_makes_it_up(tmp_path):
    sluice = trainer(tmp_path)
    sparse = trainer(tmp_path, model=new_sparse_model(sluice.tokenizer, (POS, LENGTH), num_layers=1))
    masked = sum(of.numel() for of in sparse.model.masks["pos"].values())

    assert dict(run_facts(sluice))["model"] == "sluice, 2 layers, 2 subspaces"
    assert dict(run_facts(sparse))["model"] == f"sparse sharing, 1 layer, {masked:,} weights that can be masked"


def test_planning_writes_nothing(tmp_path):
    planned = trainer(tmp_path / "run")
    tasks_table(planned)
    run_facts(planned)

    assert not (tmp_path / "run").exists()
