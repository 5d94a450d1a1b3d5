from __future__ import annotations

import pytest

from tests.experiments.relations.tiny_study import plan, values, write
from tests.experiments.tiny_experiment import state_of


def states(folder):
    return {path: state_of(path) for path in folder.glob("*/results.json")}


def test_runs_are_made_once_and_reported(hf_sluice, pool, tmp_path):
    path = write(tmp_path, tasks=["pos", "chunk"])
    done = hf_sluice("relate", "study", path, "--seeds", 1)
    results = tmp_path / "recipes" / "results" / "tiny"

    assert done.code == 0
    assert len(pool.made) == 3
    assert done.err.splitlines()[-1] == "3/3 done: tasks: pos + chunk, seed 1"
    assert (results / "report.md").exists()
    assert "recipes/results/tiny/gains.tsv" in done.out
    assert "rows: main task, columns: auxiliary task" in done.out
    assert max(map(len, done.out.splitlines()[1:])) <= 80

    before = states(tmp_path / "runs" / "experiments" / "runs")
    again = hf_sluice("relate", "study", path, "--seeds", 1)
    assert (again.code, again.err) == (0, "")
    assert states(tmp_path / "runs" / "experiments" / "runs") == before


def test_another_seed_adds_its_runs_alone(hf_sluice, pool, tmp_path):
    path = write(tmp_path, tasks=["pos", "chunk"])
    hf_sluice("relate", "study", path, "--seeds", 1, "--store", "store", "-o", "out")
    done = hf_sluice("relate", "study", path, "--seeds", 2, "--store", "store", "-o", "out")

    assert (done.code, len(pool.made), len(set(pool.made))) == (0, 6, 6)


def test_what_is_missing_is_listed_and_not_made(hf_sluice, pool, tmp_path):
    done = hf_sluice("relate", "study", write(tmp_path), "--seeds", 2, "--dry-run", "--store", "store")
    lines = [line.split("\t") for line in done.out.splitlines()]

    expected = plan(tmp_path, seeds=(1, 2)).missing
    assert lines == [["tiny", point.key, "missing", point.label] for point in expected]
    assert done.err == "12 of 12 runs are missing\n"
    assert not pool.made
    assert not (tmp_path / "store").exists()


def test_a_field_may_be_replaced(hf_sluice, pool, tmp_path):
    done = hf_sluice("relate", "study", write(tmp_path), "--dry-run", "--seeds", 1, "--set", "tasks=[pos, chunk]")

    assert done.code == 0
    assert [line.split("\t")[3] for line in done.out.splitlines()] == [
        "tasks: pos, seed 1", "tasks: chunk, seed 1", "tasks: pos + chunk, seed 1"
    ]  # fmt: skip
    assert not pool.made


PARTS = values()["data"]["options"]["parts"]
BAD = {
    "a single task": (
        {"tasks": ["pos"]},
        "tiny.yaml: tasks: a study of task relations needs at least 2 tasks, not pos",
    ),
    "an unknown task": (
        {"tasks": ["pos", "nre"]},
        "tiny.yaml: tasks: there is no task 'nre'; there is pos, ner, chunk",
    ),
    "no budget": ({"training": {"steps_per_epoch": None}}, "tiny.yaml: training.steps_per_epoch: should be set"),
    "an unknown field": ({"trainign": {}}, "tiny.yaml: trainign is no field of a recipe"),
    "a corpus that is not there": (
        {"data": {"options": {"parts": {**PARTS, "b": {"corpus": "wnut17"}}}}},
        "corpus 'wnut17': set HF_SLUICE_DATA",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_ends_in_one_line_before_anything_is_made(hf_sluice, pool, monkeypatch, tmp_path, name):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    changes, message = BAD[name]
    done = hf_sluice("relate", "study", write(tmp_path, **changes))

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert message in done.err
    assert not pool.made
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.yaml"]


def test_nothing_to_report_is_told(hf_sluice, pool, tmp_path):
    done = hf_sluice("relate", "study", write(tmp_path), "--report-only")

    assert (done.code, pool.made) == (2, [])
    assert done.err == "hf-sluice: tiny: 0 of 3 tasks have a finished run alone; there is no result yet\n"


def test_the_group_of_commands_explains_itself(hf_sluice):
    done = hf_sluice("relate")

    assert (done.code, done.err) == (0, "")
    assert "study" in done.out
