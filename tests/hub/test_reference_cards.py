from __future__ import annotations

from pathlib import Path

import pytest

from hf_sluice.models.sharing_architecture import ARCHITECTURE_FILE
from hf_sluice.models.strict_json import read_strict_json
from hf_sluice.recipe import load_recipe
from tests.hub.card_checks import assert_well_formed

ROOT = Path(__file__).parents[2]
CARDS = ROOT / "model_cards"
RECIPES = sorted((ROOT / "recipes" / "reference").glob("*.yaml"))


def test_every_reference_model_has_a_card_and_no_other_has():
    assert {path.stem for path in RECIPES} == {path.name for path in CARDS.iterdir() if path.is_dir()} != set()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_the_card_is_one_of_the_recipe(recipe):
    folder = CARDS / recipe.stem
    page = assert_well_formed(folder).text
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    architecture = read_strict_json(folder / ARCHITECTURE_FILE, 1 << 20)

    assert files == {"README.md", ARCHITECTURE_FILE, *(f for f in files if f in page and f.startswith("figures/"))}
    assert all((folder / file).stat().st_size < 100_000 for file in files)
    assert [task["name"] for task in architecture["tasks"]] == load_recipe(recipe).task_names
    assert "Domains trained on: " + ", ".join(load_recipe(recipe).data.train_domains[:-1]) in page
