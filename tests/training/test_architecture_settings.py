from __future__ import annotations

import pytest

from hf_sluice.errors import RecipeError
from hf_sluice.recipe import make_recipe
from hf_sluice.training.architecture_settings import ArchitectureSettings

SPARSE = {"model_type": "sparse_sharing"}


def recipe(architecture, **values):
    return make_recipe({"tasks": ["pos", "mine"], "output": "out", "architecture": architecture, **values}, "a.yaml")


def test_a_recipe_says_where_it_comes_from_and_what_becomes_of_it():
    found = recipe({"source": "user/repo", "revision": "v1", "learn": "start", "tasks": {"mine": "ner", "pos": None}})

    assert found.architecture == ArchitectureSettings("user/repo", "v1", "start", {"mine": "ner", "pos": None})
    assert type(found).model_validate_json(found.model_dump_json()) == found
    assert recipe({"source": "runs/x"}).architecture == ArchitectureSettings("runs/x", None, "frozen", {})
    assert not recipe({"source": "runs/x"}, model=SPARSE).finds_masks


@pytest.mark.parametrize(
    ("architecture", "values", "message"),
    [
        ({}, {}, "architecture.source is missing"),
        ({"source": ""}, {}, "architecture: source should be the folder of a run or a model, or a model's name"),
        ({"source": "x", "learn": "never"}, {}, "architecture.learn: "),
        ({"source": "x", "task": {}}, {}, r"architecture.task is no field of a recipe; did you mean tasks\?"),
        ({"source": "x", "tasks": {"srl": "ner"}}, {}, "architecture.tasks: 'srl' is none of the tasks pos, mine"),
        ({"source": "x", "learn": "start"}, {"model": SPARSE}, "architecture.learn: masks are not learned in training"),
        ({"source": "x"}, {"model": SPARSE, "masks": {}}, "masks: an architecture brings its masks along"),
        ("runs/x", {}, "architecture should be a mapping of fields"),
    ],
)
def test_what_makes_no_sense_is_refused(architecture, values, message):
    with pytest.raises(RecipeError, match=f"^a.yaml: {message}"):
        recipe(architecture, **values)
