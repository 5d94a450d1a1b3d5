from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.mask_measures import sparsity
from hf_sluice.models.task_masks import check_layers
from hf_sluice.training.checkpoints import Checkpoints
from hf_sluice.training.pruning import search as searching
from hf_sluice.training.pruning.importance import IMPORTANCE
from hf_sluice.training.pruning.record import SearchRecord
from hf_sluice.training.pruning.search import find_start, progress_line, search, search_task
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.workbench import Workbench, seed_of
from tests.forked_workers import forking
from tests.training.pruning.reference_pruning import ReferenceSearch
from tests.training.pruning.tiny_search import bench_of, corpus_of, folder_of, outcome, recipe_of, searched

ROUNDS = 5


@pytest.mark.parametrize("warmup_epochs", [0, 2])
@pytest.mark.parametrize("scope", ["global", "layer"])
def test_a_search_is_algorithm_1_mask_for_mask(tmp_path, scope, warmup_epochs):
    masks = {
        "scope": scope, "pruning_rate": 0.2, "final_sparsity": 0.8**ROUNDS, "epochs": 2, "warmup_epochs": warmup_epochs,
    }  # fmt: skip
    recipe = recipe_of(masks=masks, model={"dropout": 0.0}, seed=3)
    records = searched(tmp_path, recipe)
    for task in recipe.task_names:
        reference = ReferenceSearch(recipe, corpus_of(recipe))
        reference.warm_up()
        expected, accuracies = reference.search(task, ROUNDS, lambda number, task=task: seed_of(3, task, number))
        for number, of_round in enumerate(expected):
            found = records[task].mask(number)
            assert found.keys() == of_round.keys()
            for name, mask in of_round.items():
                assert np.array_equal(found[name].numpy(), mask), (task, number, name)
        if task == "pos":
            assert [one.value for one in records[task].candidates[: ROUNDS + 1]] == pytest.approx(accuracies)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A recipe, the folder of its search, and what was told on the way."""
    recipe, folder, told = recipe_of(), tmp_path_factory.mktemp("searches") / "undisturbed", []
    searched(folder, recipe, told.append)
    return recipe, folder, told


def test_a_search_goes_on_until_no_more_than_the_final_sparsity_remains(undisturbed):
    recipe, folder, _ = undisturbed
    for task in recipe.task_names:
        record = SearchRecord.open(folder / "tasks" / task, task, bench_of(recipe).shapes)
        shares = [one.sparsity for one in record.candidates]
        assert shares == pytest.approx([1, 0.7, 0.49, 0.343], abs=0.001)
        assert [one.round for one in record.candidates] == [0, 1, 2, 3]
        assert shares == [sparsity(record.mask(number)) for number in range(4)]
        assert record.is_finished


def test_every_round_is_told(undisturbed):
    _, _, told = undisturbed

    assert told[0].startswith("warm-up: epoch 1 of 1, losses: pos ")
    assert [line.split(",")[0] for line in told[1:]] == [
        f"{task}: round {number} of 3" for task in ("pos", "chunk") for number in range(4)
    ]
    assert "70.0% of the weights, development score 0." in told[2]


def test_a_finished_search_is_not_made_again(undisturbed, monkeypatch):
    recipe, folder, _ = undisturbed
    before = outcome(folder)
    for method in ("train", "score"):
        monkeypatch.setattr(Workbench, method, None)
    searched(folder, recipe)

    assert outcome(folder) == before


def test_the_search_of_a_task_knows_nothing_of_the_others(undisturbed, tmp_path):
    recipe, folder, _ = undisturbed
    there, alone = SearchFolder(folder), folder_of(tmp_path, recipe)
    search(bench_of(recipe), alone, ["chunk"], lambda _line: None)

    assert {path.name for path in (tmp_path / "tasks").iterdir()} == {"chunk"}
    whole = outcome(there.path)
    assert outcome(tmp_path) == {name: whole[name] for name in ("start", "chunk", "rounds of chunk")}


def test_another_seed_finds_other_masks(undisturbed, tmp_path):
    recipe, folder, _ = undisturbed
    searched(tmp_path, recipe.model_copy(update={"seed": 1}))

    assert all(outcome(tmp_path)[name] != value for name, value in outcome(folder).items())


class Killed(BaseException):
    """In place of a signal."""


def dies(monkeypatch, place, name, calls, *, after=False):
    """Has a function kill the search when it is called for the n-th time, before or after it has done its work."""
    function, left = getattr(place, name), iter(range(calls))

    def deadly(*args, **kwargs):
        if next(left, None) is not None:
            return function(*args, **kwargs)
        if after:
            function(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(place, name, deadly)


DEATHS = {
    "before the warm-up is saved": (Checkpoints, "save", 0, False),
    "after the warm-up is saved": (Checkpoints, "save", 0, True),
    "before the start is saved": (SearchFolder, "save_start", 0, False),
    "after the start is saved": (SearchFolder, "save_start", 0, True),
    "in the first round": (Workbench, "score", 0, False),
    "while the first round prunes": (searching, "prune", 0, False),
    "before the second round is on record": (SearchRecord, "add", 1, False),
    "after the second round is on record": (SearchRecord, "add", 1, True),
    "in the last round": (Workbench, "score", 3, False),
    "between two tasks": (SearchRecord, "add", 3, True),
    "in the second task": (Workbench, "train", 6, False),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_search_that_was_killed_ends_the_same(undisturbed, tmp_path, monkeypatch, name):
    recipe, folder, _ = undisturbed
    place, method, calls, after = DEATHS[name]
    with monkeypatch.context() as patched:
        dies(patched, place, method, calls, after=after)
        with pytest.raises(Killed):
            searched(tmp_path, recipe)
    searched(tmp_path, recipe)

    assert outcome(tmp_path) == outcome(folder)
    assert not (tmp_path / "warm_up").exists()


def test_a_warm_up_of_several_epochs_goes_on_where_it_was_killed(tmp_path, monkeypatch):
    recipe = recipe_of(masks={"warmup_epochs": 3}, training={"step": "joint", "optimizer": "adamw"})
    told = []
    find_start(bench_of(recipe), folder_of(tmp_path / "undisturbed", recipe), told.append)
    killed = folder_of(tmp_path / "killed", recipe)
    with monkeypatch.context() as patched:
        dies(patched, Checkpoints, "save", 1, after=True)
        with pytest.raises(Killed):
            find_start(bench_of(recipe), killed, told.append)
    find_start(bench_of(recipe), killed, told.append)

    assert [line.split(",")[0].removeprefix("warm-up: epoch ") for line in told] == [
        f"{number} of 3" for number in (1, 2, 3, 1, 2, 3)
    ]
    starts = [(tmp_path / name / "start.safetensors").read_bytes() for name in ("undisturbed", "killed")]
    assert starts[0] == starts[1]


def test_every_round_begins_with_the_same_weights_under_its_own_mask(undisturbed, monkeypatch):
    recipe, folder, _ = undisturbed
    bench, begun = bench_of(recipe), []
    start = SearchFolder(folder).load_start()
    record = SearchRecord(folder / "never written", "pos", bench.shapes)
    monkeypatch.setattr(record, "add", lambda candidate, pruned: note_round(record, candidate, pruned))
    train = bench.train

    def watched(model, task, seed):
        begun.append((task, seed, {name: value.clone() for name, value in model.state_dict().items()}, model.masks))
        return train(model, task, seed)

    monkeypatch.setattr(bench, "train", watched)
    list(search_task(bench, start, record))

    assert [(task, seed) for task, seed, _, _ in begun] == [("pos", seed_of(recipe.seed, "pos", n)) for n in range(4)]
    for number, (_, _, weights, masks) in enumerate(begun):
        assert all(torch.equal(weights[name], start[name]) for name in start if "task_masks" not in name)
        assert all(torch.equal(of, record.mask(number)[name]) for name, of in masks["pos"].items())


def note_round(record, candidate, pruned):
    record.candidates.append(candidate)
    if pruned is not None:
        number = candidate.round + 1
        record.left = {n: torch.where((of == 0) & ~pruned[n], number, of) for n, of in record.left.items()}


def test_without_a_warm_up_rounds_begin_with_the_initial_weights(tmp_path):
    recipe = recipe_of(masks={"warmup_epochs": 0})
    start = find_start(bench_of(recipe), folder_of(tmp_path, recipe), lambda _line: None)
    fresh = bench_of(recipe).model.state_dict()

    assert start.keys() == fresh.keys()
    assert all(torch.equal(start[name], fresh[name]) for name in fresh)


def of_the_first_layer(bench, *_):
    """An importance by which the first layer goes first."""
    return {name: torch.full(shape, float(name.startswith("layers.1"))) for name, shape in bench.shapes.items()}


def of_the_last_layer(bench, *_):
    return {name: torch.full(shape, float(not name.startswith("layers.1"))) for name, shape in bench.shapes.items()}


@pytest.mark.parametrize("importance", [of_the_first_layer, of_the_last_layer])
def test_a_search_ends_before_a_layer_below_another_is_empty(tmp_path, monkeypatch, importance):
    monkeypatch.setitem(IMPORTANCE, "magnitude", importance)
    monkeypatch.setattr(Workbench, "train", lambda *_: 0.5)
    recipe = recipe_of(masks={"final_sparsity": 0.01, "warmup_epochs": 0})
    (record, _) = searched(tmp_path, recipe).values()
    last = record.mask(record.candidates[-1].round)

    check_layers("pos", last, 2)
    emptied = [
        all(not of.any() for name, of in last.items() if name.startswith(place)) for place in ("words", "layers.1")
    ]
    if importance is of_the_first_layer:
        assert record.candidates[-1].sparsity > 0.4
        assert not emptied[1]
    else:  # nothing stands above the last layer: the task runs through the others
        assert record.candidates[-1].sparsity <= 0.01
        assert emptied[1]


def test_a_search_ends_where_no_weight_can_go(tmp_path):
    sizes = ("word_embedding_size", "hidden_size", "num_layers", "char_filters", "char_embedding_size")
    masks = {"final_sparsity": 0.01, "pruning_rate": 0.5, "warmup_epochs": 0, "scope": "layer"}
    recipe = recipe_of(model=dict.fromkeys(sizes, 1), masks=masks)
    for record in searched(tmp_path, recipe).values():
        assert record.is_finished
        assert record.candidates[-1].weights == 2  # one of each scope
        assert record.candidates[-1].sparsity > 0.01


def test_a_round_whose_training_diverges_is_the_last_to_be_chosen(tmp_path):
    recipe = recipe_of(training={"learning_rate": 0.1})
    bench = bench_of(recipe)
    bench.score = lambda _task: (-math.inf, math.nan)
    record = SearchRecord(tmp_path, "pos", bench.shapes)
    for _ in search_task(bench, bench.model.state_dict(), record):
        break

    (candidate,) = SearchRecord.open(tmp_path, "pos", bench.shapes).candidates
    assert candidate.score == -math.inf
    assert "development score -inf" in progress_line(bench.masks, bench.shapes, "pos", candidate)


def test_a_damaged_start_is_refused_in_one_line(tmp_path):
    recipe = recipe_of(masks={"warmup_epochs": 0})
    folder = folder_of(tmp_path, recipe)
    find_start(bench_of(recipe), folder, lambda _line: None)
    start = tmp_path / "start.safetensors"
    start.write_bytes(start.read_bytes()[:100])

    with pytest.raises(ModelFolderError) as caught:
        searched(tmp_path, recipe)
    assert str(caught.value).startswith(f"{start}: damaged or cut short (")
    assert "\n" not in str(caught.value)


def search_in(folder, recipe, told):
    searched(folder, recipe, told.put)


@pytest.mark.slow
def test_processes_that_search_in_one_folder_share_the_tasks(undisturbed, tmp_path):
    recipe, folder, expected = undisturbed
    context = forking()
    told = context.Queue()
    processes = [context.Process(target=search_in, args=(tmp_path, recipe, told)) for _ in range(2)]
    for process in processes:
        process.start()
    lines = [told.get() for _ in expected]
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted(lines) == sorted(expected)  # nothing was done twice
    assert told.empty()
    assert outcome(tmp_path) == outcome(folder)
