from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pandas as pd
import pytest

from hf_sluice.experiments.jobs import Ending
from tests.experiments.patience import has_checkpoint, wait_until
from tests.experiments.tiny_experiment import AXES, RECIPE, WITHOUT_END, Here, grid, state_of, write

LONG = {**RECIPE, "training": {"epochs": 10, "batch_size": 8, "early_stopping": {"metric": "pos", "patience": None}}}


def states(folder):
    return {path: state_of(path) for path in folder.glob("*/results.json")}


def test_runs_are_made_and_reported(hf_sluice, pool, tmp_path):
    path = write(tmp_path, report={"form": "domains", "main_task": "pos"}, seeds=[1, 2])
    done = hf_sluice("experiment", path)
    results = tmp_path / "recipes" / "results" / "tiny"

    assert done.code == 0
    assert len(pool.made) == 8
    assert len(pd.read_parquet(results / "results.parquet")["run"].unique()) == 8
    assert len((results / "runs.jsonl").read_text(encoding="utf-8").splitlines()) == 8
    assert "| single task |" in (results / "report.md").read_text(encoding="utf-8")
    assert all(str((results / name).relative_to(tmp_path)) in done.out for name in ("results.jsonl", "report.md"))
    assert done.err.splitlines()[-1].startswith("8/8 done: ")


def test_nothing_is_made_twice(hf_sluice, pool, tmp_path):
    hf_sluice("experiment", write(tmp_path))
    before = states(tmp_path / "runs" / "experiments" / "runs")
    written = (tmp_path / "recipes" / "results" / "tiny" / "results.jsonl").read_text(encoding="utf-8")
    again = hf_sluice("experiment", write(tmp_path))

    assert (again.code, again.err) == (0, "")
    assert len(pool.made) == len(before) == 4
    assert states(tmp_path / "runs" / "experiments" / "runs") == before
    assert (tmp_path / "recipes" / "results" / "tiny" / "results.jsonl").read_text(encoding="utf-8") == written


def test_experiments_share_what_they_have_in_common(hf_sluice, pool, tmp_path):
    one, other = write(tmp_path, "one"), write(tmp_path, "other", axes={"system": AXES["system"]}, seeds=[1, 2])
    hf_sluice("experiment", one)
    before = states(tmp_path / "runs" / "experiments" / "runs")
    done = hf_sluice("experiment", one, other)

    assert done.code == 0
    assert len(pool.made) == 4 + 2
    assert before.items() <= states(tmp_path / "runs" / "experiments" / "runs").items()
    assert done.err.splitlines()[-1].startswith("2/2 done: ")


def test_what_is_missing_is_listed_and_not_made(hf_sluice, pool, tmp_path):
    path = write(tmp_path)
    done = hf_sluice("experiment", path, "--dry-run", "--store", "store")
    missing = [line.split("\t") for line in done.out.splitlines()]

    assert [(key, state, label) for _, key, state, label in missing] == [
        (point.key, "missing", point.label) for point in grid(tmp_path)
    ]
    assert done.err == "4 of 4 runs are missing\n"
    assert not (tmp_path / "store").exists()

    hf_sluice("experiment", write(tmp_path, "some", axes={**AXES, "source": {"all": {}}}), "--store", "store")
    (tmp_path / "store" / missing[0][1] / "results.json").unlink()
    done = hf_sluice("experiment", path, "--dry-run", "--store", "store")
    assert [line.split("\t")[2] for line in done.out.splitlines()] == ["begun", "missing", "missing"]
    assert len(pool.made) == 2


def test_a_failure_is_told_and_the_others_are_made(hf_sluice, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    failing = grid(tmp_path)[1]
    pool = Here(**{failing.key: [Ending.FAILED]})
    monkeypatch.setattr("hf_sluice.commands.making_runs._pool", lambda _workers, **_options: pool)
    done = hf_sluice("experiment", tmp_path / "tiny.yaml", "--store", "store")

    assert done.code == 1
    told = f"hf-sluice: failed: {failing.label}: so it was wanted (store/{failing.key})"
    assert done.err.splitlines()[-1] == told
    assert len(states(tmp_path / "store")) == 3
    assert "; 1 of its runs are missing" in done.out


def test_a_grid_of_which_all_fails_is_told_so(hf_sluice, pool, tmp_path):
    path = write(tmp_path, axes={"source": {"x": {"tasks": ["pos"], "data": {"train_domains": ["nowhere"]}}}})
    done = hf_sluice("experiment", path)

    assert (done.code, len(pool.made)) == (1, 1)
    assert "failed: source: x, seed 1: " in done.err.splitlines()[-2]
    assert done.err.splitlines()[-1] == "hf-sluice: tiny: none of its 1 runs is finished; there is no result yet"


def test_what_there_is_may_be_reported_before_all_is_made(hf_sluice, pool, tmp_path):
    path = write(tmp_path)
    done = hf_sluice("experiment", path, "--report-only")
    assert (done.code, done.out) == (2, "")
    assert done.err == "hf-sluice: tiny: none of its 4 runs is finished; there is no result yet\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["tiny.yaml"]

    hf_sluice("experiment", write(tmp_path, "some", axes={**AXES, "source": {"all": {}}}))
    done = hf_sluice("experiment", path, "--report-only", "--output", "here")
    assert done.code == 0
    assert done.out.endswith("; 2 of its runs are missing\n")
    assert len((tmp_path / "here" / "tiny" / "runs.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert len(pool.made) == 2


MISTAKES = [
    ({"seeds": "one"}, "tiny.yaml: seeds: Input should be a valid list, not 'one'"),
    ({"axes": {"system": {"x": {"tasks": ["pos"], "model": {"sharing": "sluce"}}}}},
     "tiny.yaml: system: x, seed 1: model: sharing 'sluce' is none of"),
    ({"axes": {"system": {"x": {"tasks": ["pos"], "data": {"corpus": "ewt"}}}}}, "system: x, seed 1: corpus 'ewt': "),
    ({"axes": {"system": {"x": {"tasks": ["pos"], "trainin": {}}}}}, "trainin is no field of a recipe; did you mean"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "complaint"), MISTAKES)
def test_a_mistake_ends_in_one_line_before_anything_is_made(hf_sluice, pool, tmp_path, monkeypatch, changes, complaint):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    done = hf_sluice("experiment", write(tmp_path, **changes))

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("hf-sluice: ")
    assert complaint in done.err
    assert done.err.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["tiny.yaml"]
    assert pool.made == []


def test_a_results_folder_that_cannot_be_made_is_found_out_first(hf_sluice, pool, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = hf_sluice("experiment", write(tmp_path), "--output", "file")

    assert (done.code, done.err) == (2, "hf-sluice: file/tiny: cannot be written (Not a directory)\n")
    assert pool.made == []


def test_ray_is_asked_for_where_it_is_needed(hf_sluice, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "hf_sluice.experiments.ray_pool", raising=False)
    done = hf_sluice("experiment", write(tmp_path), "--ray", "--output", tmp_path, "--store", tmp_path / "store")

    assert (done.code, done.err) == (2, "hf-sluice: --ray: ray is not installed; pip install 'hf-sluice[ray]'\n")


def start(path, *options):
    """The command in a process group of its own, as a terminal's foreground job is."""
    command = [sys.executable, "-m", "hf_sluice", "experiment", path, "--store", "store", "--output", "out", *options]
    return subprocess.Popen(
        command, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=heed_interruptions,  # noqa: PLW1509 - there are no threads to be afraid of
    )  # fmt: skip


def heed_interruptions():
    """Undoes what the tests may have inherited: jobs in the background ignore interruptions."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_after_its_death_the_next_start_makes_what_is_missing(tmp_path):
    path = write(tmp_path, recipe=LONG)
    done, begun, *others = [tmp_path / "store" / point.key for point in grid(tmp_path, recipe=LONG)]
    first = start(path)
    wait_until(lambda: has_checkpoint(begun))
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()  # until no process holds its standard error: the worker has ended, too
    epochs = (begun / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    before = state_of(done / "results.json"), state_of(begun / "recipe.yaml"), epochs[0]
    assert not any((run / "results.json").exists() for run in (begun, *others))

    second = start(path)
    _, err = second.communicate()

    assert second.returncode == 0
    assert err.splitlines()[-1].startswith("3/3 done: ")
    epochs = (begun / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    # The line tells the speed, which is another one each time: nobody has trained this epoch again.
    assert (state_of(done / "results.json"), state_of(begun / "recipe.yaml"), epochs[0]) == before
    lines = (tmp_path / "out" / "tiny" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert [len(json.loads(line)["curve"]) for line in lines] == [10] * 4


@pytest.mark.slow
def test_an_interruption_ends_everything_quietly(tmp_path):
    path = write(tmp_path, recipe={**RECIPE, **WITHOUT_END})
    endless = [tmp_path / "store" / point.key for point in grid(tmp_path, recipe={**RECIPE, **WITHOUT_END})[:2]]
    process = start(path, "--jobs", "2")
    wait_until(lambda: all(has_checkpoint(run) for run in endless))
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()  # until no process holds them: the workers have ended, too

    assert (process.returncode, out, err) == (130, "", "")
