from __future__ import annotations

import json

import pytest

from tests.analysis.task_relations.advised import fitted
from tests.experiments.relations.tiny_study import write

TRAINING = {"epochs": 10, "steps_per_epoch": 6, "log_steps": 1}


def test_candidates_are_ranked_and_the_cost_is_told(hf_sluice, pool, tmp_path):
    path = write(tmp_path, training=TRAINING)
    done = hf_sluice("relate", "advise", path, "--main", "ner", "-o", "out")

    assert done.code == 0
    assert len(pool.made) == 3
    assert "Which task will help ner?" in done.out
    assert "3 runs of 18 batches, 54 in all" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    text = (tmp_path / "out" / "advice.txt").read_text(encoding="utf-8")
    assert done.out.startswith(text)
    assert (tmp_path / "out" / "advice.png").exists()


def test_no_run_is_made_twice_and_candidates_can_be_chosen(hf_sluice, pool, tmp_path):
    path = write(tmp_path, training=TRAINING)
    fitted().save(tmp_path / "predictor.json")
    hf_sluice("relate", "advise", path, "--main", "ner")
    options = ("--main", "pos", "--aux", "ner,chunk", "--aux", "ner", "--predictor", "predictor.json", "--json")
    done = hf_sluice("relate", "advise", path, *options)
    values = json.loads(done.out)

    assert done.code == 0
    assert len(pool.made) == 3
    assert {task["task"] for task in values["auxiliaries"]} == {"ner", "chunk"}
    assert values["fitted_on"] == "made up (8 tasks, 56 pairs)"


@pytest.mark.parametrize(
    ("options", "changes", "said"),
    [
        (("--main", "srl"), {}, "there is no task 'srl'; there is pos, ner, chunk"),
        (("--main", "ner", "--aux", "ner"), {}, "the main task cannot be its own auxiliary task"),
        (("--main", "ner", "--share", "2"), {}, "--share"),
        (("--main", "ner", "--predictor", "none.json"), {}, "none.json"),
        (("--main", "ner"), {"tasks": ["ner"]}, "at least 2 tasks"),
        (("--main", "ner"), {"tasks": ["ner", "sentiment"]}, "there is no task 'sentiment'"),
    ],
)
def test_bad_input_is_one_line_before_anything_is_trained(hf_sluice, pool, tmp_path, options, changes, said):
    done = hf_sluice("relate", "advise", write(tmp_path, training=TRAINING, **changes), *options)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not pool.made


def test_a_predictor_of_another_version_is_refused(hf_sluice, pool, tmp_path):
    path = tmp_path / "predictor.json"
    fitted().save(path)
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**values, "version": 999}), encoding="utf-8")
    done = hf_sluice("relate", "advise", write(tmp_path), "--main", "ner", "--predictor", path)
    assert done.code == 2
    assert "999" in done.err
    assert len(done.err.splitlines()) == 1
    assert not pool.made
