from __future__ import annotations

import json

import pandas as pd
import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.collect import collect, write_collected
from hf_sluice.experiments.grid import points
from hf_sluice.experiments.runner import Runner
from hf_sluice.experiments.store import RunStore
from tests.experiments.tiny_experiment import Here, Log, load

DOMAINS = {"chat", "news", "recipes", "travel"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A tiny experiment with all its runs, collected."""
    folder = tmp_path_factory.mktemp("made")
    experiment = load(folder, seeds=[1, 2])
    grid, store = points(experiment, "tiny.yaml"), RunStore(folder / "runs")
    Runner(store, Here(), Log()).make(grid)
    return experiment, grid, store, collect(experiment, grid, store)


def test_there_is_a_row_per_run_split_task_and_domain(made):
    _, grid, _, collected = made
    keys = ["system", "source", "seed", "task", "split", "domain"]
    table = collected.results

    assert not table.duplicated(keys).any()
    on_test = table[table["split"] == "test"]
    expected = sum(len(point.recipe.tasks) for point in grid) * len({*DOMAINS, "all", "macro"})
    assert len(on_test) == expected
    assert set(table["run"]) == {point.key for point in grid}


def test_values_are_those_of_the_runs(made):
    _, grid, store, collected = made
    for point in grid:
        results = store.folder(point).read_results()
        of_run = collected.results[(collected.results["run"] == point.key) & (collected.results["split"] == "test")]
        found = {(row.task, row.domain): (row.value, row.accuracy, row.support) for row in of_run.itertuples()}
        main = {"pos": "accuracy", "chunk": "span_f1"}
        written = {
            (row.task, row.domain): (row.value, row.accuracy, row.support)
            for row in results["scores"][results["system"]]["test"]
            if row.metric == main[row.task] and row.span_type is None
        }
        assert found == written


def test_in_domain_is_what_was_trained_on(made):
    table = made[3].results
    by_source = {source: set(rows["domain"]) for source, rows in table[table["in_domain"]].groupby("source")}

    assert by_source == {"all": DOMAINS, "news": {"news"}}


def test_a_record_tells_what_was_learned_and_how(made):
    _, grid, store, collected = made
    assert [record["point"] for record in collected.runs] == [dict(point.values) for point in grid]
    for point, record in zip(grid, collected.runs, strict=True):
        results = store.folder(point).read_results()
        assert record["key"] == point.key
        assert record["tasks"] == point.recipe.task_names
        assert all(record[name] == results[name] for name in ("alpha", "beta", "parameters", "commit", "versions"))
        assert len(record["curve"]) == results["epochs"]
        best = record["curve"][results["best_epoch"]]
        assert best["score"] == results["best_score"]
        assert set(best["losses"]) >= set(point.recipe.task_names)
        assert "output" not in record["recipe"]


def test_what_is_written_is_what_was_collected(made, tmp_path):
    collected = made[3]
    lines, table, runs = write_collected(collected, tmp_path / "results")
    pd.testing.assert_frame_equal(pd.read_parquet(table), collected.results)
    from_lines = pd.DataFrame([json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()])

    pd.testing.assert_frame_equal(from_lines, collected.results, check_exact=True, check_dtype=False)
    assert [json.loads(line) for line in runs.read_text(encoding="utf-8").splitlines()] == collected.runs
    assert {path.name for path in (tmp_path / "results").iterdir()} == {path.name for path in (lines, table, runs)}


def test_scores_that_nothing_speaks_for_are_written(made, tmp_path):
    table = made[3].results.assign(value=None)
    lines, parquet, _ = write_collected(type(made[3])(table, []), tmp_path)

    assert pd.read_parquet(parquet)["value"].isna().all()
    assert {json.loads(line)["value"] for line in lines.read_text(encoding="utf-8").splitlines()} == {None}


def test_equal_points_share_a_run_and_have_rows_each(tmp_path):
    experiment = load(tmp_path, axes={"name": {"one": {"tasks": ["pos"]}, "other": {"tasks": ["pos"]}}})
    grid, store, pool = points(experiment, "tiny.yaml"), RunStore(tmp_path / "runs"), Here()
    Runner(store, pool, Log()).make(grid)
    collected = collect(experiment, grid, store)

    assert len(pool.made) == 1
    assert len(collected.runs) == 2
    one, other = (rows.drop(columns="name").reset_index(drop=True) for _, rows in collected.results.groupby("name"))
    pd.testing.assert_frame_equal(one, other)


def test_a_folder_that_cannot_be_written_is_the_users_to_see_to(made, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        write_collected(made[3], tmp_path / "file")
