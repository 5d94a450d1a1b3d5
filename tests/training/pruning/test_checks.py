from __future__ import annotations

import pytest

from hf_sluice.errors import RecipeError
from hf_sluice.recipe import Recipe
from hf_sluice.training.building import build_model
from hf_sluice.training.pruning.checks import check_mask_tasks, check_masks
from tests.training.pruning.tiny_search import corpus_of, recipe_of
from tests.training.tiny_training import new_tokenizer


def config_of(recipe):
    corpus = corpus_of(recipe)
    tasks = [task for task in corpus.tasks if task.name in recipe.task_names]
    return build_model(recipe, tasks, new_tokenizer(corpus), 0).config


GOOD = {
    "as it is": {},
    "last round": {"masks": {"choice": {"pos": {"round": 3}}}},
    "one task of two": {"tasks": ["pos"], "masks": {"search_tasks": ["chunk", "pos"], "choice": {"chunk": "best"}}},
    "described alike": {"tasks": [{"name": "pos", "weight": 2.0}, {"name": "chunk"}],
                        "masks": {"search_tasks": [{"name": "pos", "weight": 2.0}, "chunk"]}},
    "described once": {"masks": {"search_tasks": [{"name": "pos", "weight": 2.0}, "chunk"]}},
    "layers": {"masks": {"method": "layers", "task_layers": {"chunk": 1}}},
}  # fmt: skip
BAD = {
    "search_tasks: 'chunk' is trained but not searched for; add it to them": {"masks": {"search_tasks": ["pos"]}},
    "search_tasks: 'pos' is described otherwise than in tasks":
        {"tasks": [{"name": "pos", "weight": 2.0}], "masks": {"search_tasks": ["pos", "chunk"]}},
    "choice: 'ner' is none of the tasks pos, chunk": {"masks": {"choice": {"ner": "best"}}},
    "choice: there is no round 4 of task 'pos'; the last one is 3": {"masks": {"choice": {"round": 4}}},
    "choice: there is no round 9 of task 'chunk'; the last one is 3": {"masks": {"choice": {"chunk": {"round": 9}}}},
    "task_layers: 'ner' is none of the tasks pos, chunk": {"masks": {"method": "layers", "task_layers": {"ner": 1}}},
    "task_layers: 'pos' should run through 1 to 2 layers, not 3":
        {"masks": {"method": "layers", "task_layers": {"pos": 3}}},
}  # fmt: skip
OF_TASKS = list(BAD)[:3]


@pytest.mark.parametrize("name", GOOD)
def test_what_makes_sense_is_let_pass(name):
    recipe = recipe_of(**GOOD[name])
    check_mask_tasks(recipe)
    check_masks(recipe, config_of(recipe))


@pytest.mark.parametrize("message", BAD)
def test_what_makes_no_sense_is_named(message):
    recipe = recipe_of(**BAD[message])
    config = config_of(recipe_of())
    with pytest.raises(RecipeError, match=rf"^masks\.{message}$"):
        check_masks(recipe, config)
    if message in OF_TASKS:
        with pytest.raises(RecipeError, match=rf"^masks\.{message}$"):
            check_mask_tasks(recipe)


def test_more_rounds_than_a_byte_can_tell_apart_are_refused():
    """A rate that removes a weight at a time: of few weights, more rounds than the rate alone would take."""
    masks = {"pruning_rate": 0.00184, "final_sparsity": 0.667}
    recipe = recipe_of(model={"hidden_size": 6, "num_layers": 1}, masks=masks)

    with pytest.raises(
        RecipeError, match=r"^masks: \d+ rounds would be made, of which at most 255 are kept on record$"
    ):
        check_masks(recipe, config_of(recipe))


def test_a_recipe_without_masks_has_nothing_to_check():
    check_mask_tasks(Recipe(tasks=["pos", "chunk"], output="run"))
