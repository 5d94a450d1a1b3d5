import statistics
from dataclasses import replace

import pytest

from hf_sluice.analysis.run_summary import summarise_runs
from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ScoreRow
from hf_sluice.tasks import Task

TASKS = [Task("pos", ("A", "B")), Task("chunk", ("O", "B-X", "I-X"), scheme="IOB2", metric="span_f1")]


def run(seed, *, value=0.5, alpha=0.25, subspaces=2, networks=2):
    rows = [
        ScoreRow(metric="accuracy", value=value, support=10, task="pos"),
        ScoreRow(metric="span_f1", value=value / 2, support=5, task="chunk"),
    ]
    units = networks * subspaces
    return {
        "system": "sluice",
        "seed": seed,
        "tasks": [task.to_dict() for task in TASKS],
        "parameters": 7,
        "num_subspaces": subspaces,
        "best_epoch": 1,
        "epochs": 3,
        "training_seconds": 12.4,
        "alpha": [[[alpha] * units] * units] * 3,
        "beta": [[0.1, 0.2, 0.7]] * 2,
        "scores": {
            "majority": {"test": rows[:1]},
            "sluice": {"test": rows, "validation": [replace(r, value=1.0) for r in rows]},
        },
    }


def cells(table):
    return {row[: table.num_names]: row[table.num_names :] for row in table.rows}


def test_scores_are_mean_and_deviation_over_the_seeds():
    scores, *_ = summarise_runs([run(0, value=0.5), run(1, value=0.6)])
    spread = f"{100 * statistics.stdev([0.5, 0.6]):.2f}"
    assert cells(scores)["pos", "all", "accuracy"] == (f"55.00 ± {spread}", f"55.00 ± {spread}")
    assert cells(scores)["chunk", "all", "span_f1"][0] == "-"
    assert "seeds 0, 1" in scores.title


def test_the_split_asked_for_is_shown():
    single = run(0)
    del single["scores"]["majority"]
    assert cells(summarise_runs([single], "validation")[0])["pos", "all", "accuracy"] == ("100.00",)


def test_alpha_and_beta_are_averaged_under_the_names_of_tasks_and_subspaces():
    _, *alphas, beta, cost = summarise_runs([run(0, alpha=0.2), run(1, alpha=0.4)])
    assert len(alphas) == 3
    assert alphas[0].columns == ("", "pos·1", "pos·2", "chunk·1", "chunk·2")
    assert set(cells(alphas[0])["chunk·2",]) == {"0.30 ± 0.14"}
    assert cells(beta)["pos",] == ("0.10 ± 0.00", "0.20 ± 0.00", "0.70 ± 0.00")
    assert cells(cost) == {("0",): ("2", "3", "12"), ("1",): ("2", "3", "12")}


@pytest.mark.parametrize(
    ("networks", "subspaces", "names"),
    [(2, 1, ["pos", "chunk"]), (1, 1, ["shared"]), (1, 2, ["shared·1", "shared·2"]), (2, 2, ["pos·1", "pos·2"])],
)
def test_rows_are_named_for_what_they_belong_to(networks, subspaces, names):
    alpha = summarise_runs([run(0, networks=networks, subspaces=subspaces)])[1]
    assert [row[0] for row in alpha.rows][: len(names)] == names
    assert len(alpha.rows) == networks * subspaces


def sparse_run(seed, shift=0.0):
    results = {**run(seed), "system": "sparse sharing", "scores": {"sparse sharing": run(seed)["scores"]["sluice"]}}
    del results["alpha"], results["beta"]
    masks = {
        "sparsity": {"pos": 0.5 + shift, "chunk": 0.4},
        "by_layer": {"pos": {"layer 1": 0.6 + shift}, "chunk": {"layer 1": 0.3}},
        "overlap": 0.2 + shift,
        "pairs": [["pos", "chunk", 0.2 + shift]],
    }
    return {**results, "masks": masks}


def test_masks_are_averaged_in_place_of_alpha_and_beta():
    _, shares, overlaps, _cost = summarise_runs([sparse_run(0), sparse_run(1, 0.2)])
    assert shares.columns == ("", "all", "layer 1")
    assert cells(shares) == {("pos",): ("0.60 ± 0.14", "0.70 ± 0.14"), ("chunk",): ("0.40 ± 0.00", "0.30 ± 0.00")}
    assert cells(overlaps) == {("pos & chunk",): ("0.30 ± 0.14",), ("all tasks",): ("0.30 ± 0.14",)}


def test_a_single_task_has_no_overlap():
    alone = sparse_run(0)
    alone["masks"]["pairs"] = []
    assert not any("Overlap" in table.title for table in summarise_runs([alone]))


@pytest.mark.parametrize(("field", "value"), [("system", "hard sharing"), ("parameters", 8), ("tasks", [])])
def test_runs_that_differ_in_more_than_their_seed_are_refused(field, value):
    with pytest.raises(UserError, match=f"differ in their {field}"):
        summarise_runs([run(0), {**run(1), field: value}])


def test_the_same_seed_twice_is_refused():
    with pytest.raises(UserError, match="same seed"):
        summarise_runs([run(1), run(1)])


def test_a_split_that_was_not_scored_is_refused():
    with pytest.raises(UserError, match="'train' was not scored; there are test, validation"):
        summarise_runs([run(1)], "train")
