from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from hf_sluice.errors import RecipeError, UserError
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.mask_measures import num_kept
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.training.building import build_model
from hf_sluice.training.checkpoints import Checkpoints
from hf_sluice.training.encoded_split import encode_split
from hf_sluice.training.pruning.found_masks import find_masks
from hf_sluice.training.pruning.workbench import Workbench
from hf_sluice.training.run import train_recipe
from hf_sluice.training.scoring import score_split
from hf_sluice.training.trainer import MultiTaskTrainer
from tests.training.pruning.tiny_search import bench_of, corpus_of, outcome, recipe_of, searched
from tests.training.tiny_training import assert_equal_parameters, copy_of, new_tokenizer

ALL = {"search_tasks": ["pos", "chunk"]}


@pytest.fixture(scope="module")
def search_folder(tmp_path_factory):
    """The finished search of the tiny recipe."""
    folder = tmp_path_factory.mktemp("searches") / "tiny"
    searched(folder, recipe_of())
    return folder


def find(recipe, folder):
    return find_masks(recipe, corpus_of(recipe), folder)


def fresh_model(recipe, seed=17):
    corpus = corpus_of(recipe)
    tasks = [next(task for task in corpus.tasks if task.name == name) for name in recipe.task_names]
    return build_model(recipe, tasks, new_tokenizer(corpus), seed)


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_the_chosen_candidates_are_those_of_the_rule(search_folder):
    best = find(recipe_of(), search_folder)
    for task, chosen in best.chosen.items():
        scores = [one.score for one in best.candidates[task]]
        assert chosen.score == max(scores)
        assert chosen.round == max(number for number, score in enumerate(scores) if score == max(scores))
    by_hand = find(recipe_of(masks={"choice": {"pos": {"round": 1}, "chunk": {"sparsity": 0.5}}}), search_folder)

    assert {task: one.round for task, one in by_hand.chosen.items()} == {"pos": 1, "chunk": 2}
    for task, one in by_hand.chosen.items():
        assert num_kept(by_hand.masks.masks[task]) == one.weights
        assert same(by_hand.masks.masks[task], by_hand.masks.at_round(task, one.round))


def test_all_rounds_of_the_search_are_kept_with_the_masks(search_folder, tmp_path):
    found = find(recipe_of(masks={"choice": {"round": 0}}), search_folder)
    found.masks.save(tmp_path / "masks.safetensors")
    loaded = MaskSet.load(tmp_path / "masks.safetensors")

    for task, candidates in found.candidates.items():
        for one in candidates:
            assert num_kept(loaded.at_round(task, one.round)) == one.weights


def test_the_search_is_told_in_plain_values(search_folder):
    values = find(recipe_of(masks={"choice": {"round": 2}}), search_folder).to_dict()

    assert values["chosen_round"] == {"pos": 2, "chunk": 2}
    assert [one["round"] for one in values["candidates"]["chunk"]] == [0, 1, 2, 3]
    assert values["candidates"]["pos"][1]["sparsity"] == pytest.approx(0.7, abs=0.001)


def test_random_masks_keep_as_many_weights_elsewhere_without_another_search(search_folder, monkeypatch):
    found = find(recipe_of(masks={"choice": {"round": 2}}), search_folder)
    monkeypatch.setattr(Workbench, "train", None)
    random = find(recipe_of(masks={"choice": {"round": 2}, "method": "random"}), search_folder)

    assert random.chosen == found.chosen
    assert random.masks.rounds is None
    for task, mask in found.masks.masks.items():
        for name, of in mask.items():
            drawn = random.masks.masks[task][name]
            assert num_kept({name: drawn}) == num_kept({name: of})
            assert not torch.equal(drawn, of)


@pytest.mark.parametrize("masks", [{"method": "all"}, {"method": "layers"}], ids=str)
def test_masks_that_need_no_search_begin_with_the_same_warm_up(search_folder, masks):
    found = find(recipe_of(masks=masks), search_folder)

    assert_equal_parameters(dict(found.start), load_file(search_folder / "start.safetensors"))
    assert not found.candidates
    assert found.to_dict() == {"candidates": {}, "chosen_round": {}}
    shares = {task: num_kept(mask) for task, mask in found.masks.masks.items()}
    assert (shares["pos"] < shares["chunk"]) == (masks["method"] == "layers")


@pytest.mark.parametrize("method", ["all", "layers"])
def test_without_search_and_warm_up_nothing_is_trained_or_written(tmp_path, method, monkeypatch):
    monkeypatch.setattr(Workbench, "stepper", None)
    recipe = recipe_of(masks={"method": method, "warmup_epochs": 0})
    found = find(recipe, tmp_path / "search")
    model = fresh_model(recipe)
    before = copy_of(model)
    found.apply(model)

    assert not (tmp_path / "search").exists()
    after = copy_of(model)
    assert all(torch.equal(after[name], value) for name, value in before.items() if "task_masks" not in name)


@pytest.mark.parametrize("tasks", [["pos", "chunk"], ["chunk", "pos"], ["chunk"], ["pos"]], ids=str)
def test_a_model_gets_the_start_each_task_its_own_head_and_mask(search_folder, tasks):
    recipe = recipe_of(tasks=tasks, masks={**ALL, "choice": {"pos": {"round": 1}, "chunk": {"round": 3}}})
    found, start = find(recipe, search_folder), load_file(search_folder / "start.safetensors")
    model = fresh_model(recipe)
    found.apply(model)

    state = copy_of(model)
    for name in (name for name in state if "task_masks" not in name):
        told = name
        if name.startswith("heads."):
            _, head, rest = name.split(".", 2)
            told = f"heads.{['pos', 'chunk'].index(tasks[int(head)])}.{rest}"
        assert torch.equal(state[name], start[told]), name
    assert model.masks.keys() == set(tasks)
    for task, rounds in (("pos", 1), ("chunk", 3)):
        if task in tasks:
            assert same(model.masks[task], found.masks.at_round(task, rounds))


def test_a_subset_of_the_tasks_is_searched_for_alone(tmp_path):
    found = find(recipe_of(tasks=["chunk"], masks=ALL), tmp_path)

    assert list(found.candidates) == ["chunk"]
    assert {path.name for path in (tmp_path / "tasks").iterdir()} == {"chunk"}


def test_a_folder_of_another_search_is_refused(search_folder):
    before = outcome(search_folder)

    with pytest.raises(UserError, match="holds the search of another recipe or seed"):
        find(recipe_of(seed=1), search_folder)
    assert outcome(search_folder) == before


def test_a_round_that_the_search_did_not_come_to_is_named(search_folder, tmp_path):
    shutil.copytree(search_folder, tmp_path / "search")
    with pytest.raises(RecipeError, match=r"^masks.choice: there is no round 9; the last one is 3, of task 'pos'$"):
        find(recipe_of(masks={"choice": {"round": 9}}), tmp_path / "search")


def first_steps(monkeypatch):
    """What models look like when their first step is trained."""
    seen, train_step = [], MultiTaskTrainer._train_step

    def watched(self, step):
        if self._progress.step == 0:
            seen.append((copy_of(self._unwrapped()), self._unwrapped().masks))
        return train_step(self, step)

    monkeypatch.setattr(MultiTaskTrainer, "_train_step", watched)
    return seen


def test_subnets_are_trained_in_parallel_from_the_warmed_up_weights(search_folder, tmp_path, monkeypatch):
    recipe = recipe_of(tmp_path / "run", masks={"choice": {"pos": {"round": 1}, "chunk": {"round": 3}}})
    seen = first_steps(monkeypatch)
    folder = train_recipe(recipe, search_folder=search_folder)
    ((weights, masks),) = seen
    start, found = load_file(search_folder / "start.safetensors"), find(recipe, search_folder)
    trained = SparseSharingForTokenClassification.from_pretrained(folder.model)

    assert all(torch.equal(weights[name], start[name]) for name in start if "task_masks" not in name)
    assert all(same(masks[task], found.masks.masks[task]) for task in recipe.task_names)
    assert all(same(trained.masks[task], found.masks.masks[task]) for task in recipe.task_names)
    used = trained.masks["pos"]["layers.0.weight_ih"] | trained.masks["chunk"]["layers.0.weight_ih"]
    layer = trained.sparse_sharing.layers[0].weight_ih.detach()
    begun = start["sparse_sharing.layers.0.weight_ih"]
    assert torch.equal(layer[~used], begun[~used])
    assert not torch.equal(layer[used], begun[used])


@pytest.mark.parametrize("state", ["shared", "per_task"])
def test_every_step_of_a_run_moves_its_own_subnet_alone(tmp_path, monkeypatch, state):
    """Momentum included, which would move weights of other tasks if the optimiser did not know of the masks."""
    recipe = recipe_of(tmp_path / "run", masks={"choice": {"round": 3}}, training={"optimizer_state": state})
    train_step, moved_in_all = MultiTaskTrainer._train_step, []

    def watched(self, step):
        model = self._unwrapped()
        before = copy_of(model)
        train_step(self, step)
        (task,) = step.tasks
        for name, mask in model.masks[task].items():
            moved = model.sparse_sharing.get_parameter(name) != before[f"sparse_sharing.{name}"]
            assert not moved[~mask].any()
            moved_in_all.append(bool(moved.any()))

    monkeypatch.setattr(MultiTaskTrainer, "_train_step", watched)
    train_recipe(recipe)
    assert sum(moved_in_all) > 20


def test_a_run_keeps_masks_and_what_was_found_on_the_way(search_folder, tmp_path):
    recipe = recipe_of(tmp_path / "run", baselines=["majority", "single_task"])
    folder = train_recipe(recipe, search_folder=search_folder)
    results, found = folder.read_results(), find(recipe, search_folder)

    assert results["search"] == found.to_dict()
    assert list(results["scores"]) == ["majority", "single task", "sparse sharing"]
    saved = MaskSet.load(folder.path / "masks.safetensors")
    for task, of_task in found.masks.masks.items():
        assert same(saved.masks[task], of_task)
        assert results["masks"]["sparsity"][task] == found.chosen[task].sparsity
    for task in recipe.task_names:
        single = SparseSharingForTokenClassification.from_pretrained(folder.path / "single_task" / task / "model")
        assert all(bool(of.all()) for of in single.masks[task].values())
    assert not (folder.path / "search").exists()


def test_a_saved_model_scores_what_the_trained_one_did(search_folder, tmp_path):
    recipe = recipe_of(tmp_path / "run", masks={"choice": {"round": 3}})
    folder = train_recipe(recipe, search_folder=search_folder)
    model = SparseSharingForTokenClassification.from_pretrained(folder.model)
    corpus, tokenizer = corpus_of(recipe), TaggerTokenizer.from_pretrained(folder.model)
    rows = score_split(model, encode_split(corpus["test"], tokenizer, corpus.tasks), corpus.tasks).compute()

    assert rows == folder.read_results()["scores"]["sparse sharing"]["test"]


class Killed(BaseException):
    """In place of a signal."""


def timeless(results):
    return {name: value for name, value in results.items() if "seconds" not in name and name != "search"}


def test_a_run_killed_in_its_final_training_ends_the_same_to_the_bit(tmp_path, monkeypatch):
    training = {"checkpoint_steps": 1, "optimizer": "adamw", "learning_rate": 0.01}
    recipes = [recipe_of(tmp_path / name, training=training) for name in ("undisturbed", "killed")]
    undisturbed = train_recipe(recipes[0])
    save, saved = Checkpoints.save, []

    def save_and_die(self, step, state):
        save(self, step, state)
        saved.append(self._folder.name)
        if saved.count("checkpoints") == 4:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoints, "save", save_and_die)
        with pytest.raises(Killed):
            train_recipe(recipes[1])
    monkeypatch.setattr(Workbench, "train", None)  # the search is not made again
    killed = train_recipe(recipes[1], resume=True)

    models = [(folder.model / "model.safetensors").read_bytes() for folder in (undisturbed, killed)]
    assert models[0] == models[1]
    assert timeless(killed.read_results()) == timeless(undisturbed.read_results())
    assert outcome(killed.search) == outcome(undisturbed.search)


def test_overwriting_a_run_keeps_the_search_for_the_same_masks_alone(tmp_path, monkeypatch):
    recipe = recipe_of(tmp_path / "run")
    first = outcome(train_recipe(recipe).search)
    longer = recipe_of(tmp_path / "run", training={"epochs": 1})
    with monkeypatch.context() as patched:
        patched.setattr(Workbench, "train", None)
        train_recipe(longer, overwrite=True)
    assert outcome(tmp_path / "run" / "search") == first
    train_recipe(recipe_of(tmp_path / "run", seed=1), overwrite=True)
    assert outcome(tmp_path / "run" / "search") != first
    train_recipe(recipe_of(tmp_path / "run", masks={"method": "all", "warmup_epochs": 0}), overwrite=True)
    assert not (tmp_path / "run" / "search").exists()


def test_what_does_not_fit_overwrites_neither_run_nor_search(tmp_path):
    train_recipe(recipe_of(tmp_path / "run"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for masks in (
        {"choice": {"round": 9}},
        {"choice": {"ner": "best"}},
        {"method": "layers", "task_layers": {"pos": 5}},
    ):
        with pytest.raises(RecipeError, match=r"^masks\."):
            train_recipe(recipe_of(tmp_path / "run", masks=masks), overwrite=True)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_search_of_something_else_is_refused_before_a_run_begins(search_folder, tmp_path):
    recipe = recipe_of(tmp_path / "run", seed=1)
    for place in (search_folder, tmp_path / "run" / "search"):
        if not place.exists():
            shutil.copytree(search_folder, place)
        with pytest.raises(UserError, match="holds the search of another recipe or seed"):
            train_recipe(recipe, search_folder=None if place != search_folder else place)
        assert not (Path(recipe.output) / "recipe.yaml").exists()


def test_the_search_made_ahead_is_the_one_that_training_takes(tmp_path, monkeypatch):
    recipe = recipe_of(tmp_path / "run")
    searched(tmp_path / "run" / "search", recipe)
    monkeypatch.setattr(Workbench, "train", None)
    results = train_recipe(recipe).read_results()

    assert results["masks"]["weights"] == {
        task: candidates[results["search"]["chosen_round"][task]]["weights"]
        for task, candidates in results["search"]["candidates"].items()
    }


def test_the_tokenizer_and_words_are_those_of_the_search(search_folder):
    """Otherwise the warmed-up embedding would be that of other words."""
    recipe = recipe_of(tasks=["chunk"], masks=ALL)
    bench = bench_of(recipe)

    assert bench.model.config.vocab_size == fresh_model(recipe).config.vocab_size
    assert load_file(search_folder / "start.safetensors")["sparse_sharing.words.embedding.weight"].shape[0] == (
        bench.model.config.vocab_size
    )
