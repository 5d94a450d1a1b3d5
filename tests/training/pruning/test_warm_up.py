from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from hf_sluice.errors import ModelFolderError
from hf_sluice.training.building import build_model
from hf_sluice.training.pruning.search_recipe import search_recipe
from hf_sluice.training.pruning.warm_up import warm_up
from hf_sluice.training.trainer import MultiTaskTrainer
from tests.training.pruning.tiny_search import bench_of, corpus_of, recipe_of
from tests.training.tiny_training import copy_of, new_tokenizer

SETTINGS = [
    {"sampling": "proportional"},
    {"step": "joint", "optimizer": "adamw", "learning_rate": 0.01, "micro_batch_size": 3},
    {"optimizer_state": "shared", "weight_decay": 0.1, "warmup_steps": 4},
]


def silent(_line):
    pass


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_warm_up_is_hard_sharing_for_some_epochs(tmp_path, settings):
    """To the bit: what a trainer comes to that trains the same network for as long."""
    recipe = recipe_of(masks={"warmup_epochs": 2}, training=settings)
    corpus, tokenizer = corpus_of(recipe), new_tokenizer(corpus_of(recipe))
    model = build_model(search_recipe(recipe), corpus.tasks, tokenizer, recipe.seed)
    training = replace(recipe.training, epochs=2)
    trainer = MultiTaskTrainer(model, tokenizer, corpus, corpus.tasks, training, tmp_path, seed=recipe.seed)
    for number in range(2):
        model.train()
        for step in trainer.planner.epoch(number):
            trainer._train_step(step)
        trainer._progress.next_epoch()
    found = warm_up(bench_of(recipe), tmp_path / "checkpoints", silent)

    expected = copy_of(model)
    assert found.keys() == expected.keys()
    assert [name for name in found if not torch.equal(found[name], expected[name])] == []


def test_all_tasks_move_what_they_share_and_masks_keep_every_weight(tmp_path):
    bench = bench_of(recipe_of())
    fresh = copy_of(bench.model)
    found = warm_up(bench, tmp_path, silent)

    moved = {name for name in found if not torch.equal(found[name], fresh[name])}
    assert {name for name in found if "task_masks" in name}.isdisjoint(moved)
    assert {"heads.0.output.weight", "heads.1.output.weight", "sparse_sharing.layers.1.weight_hh"} <= moved


def test_what_it_returns_is_not_what_rounds_train(tmp_path):
    bench = bench_of(recipe_of())
    start = warm_up(bench, tmp_path, silent)
    before = {name: value.clone() for name, value in start.items()}
    bench.train(bench.model, "pos", 0)

    assert all(torch.equal(start[name], before[name]) for name in start)


def test_a_damaged_checkpoint_is_refused(tmp_path):
    warm_up(bench_of(recipe_of()), tmp_path, silent)
    (state,) = tmp_path.glob("*/state.pt")
    state.write_bytes(state.read_bytes()[:50])

    with pytest.raises(ModelFolderError, match="damaged"):
        warm_up(bench_of(recipe_of()), tmp_path, silent)
