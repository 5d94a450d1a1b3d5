"""``hf-sluice data``."""

from __future__ import annotations

from typing import Annotated

import typer

from hf_sluice.commands.options import Overrides, RecipeFile
from hf_sluice.commands.terminal import console, print_json, print_tables
from hf_sluice.quiet_libraries import quiet_libraries


def data(
    recipe: RecipeFile,
    overrides: Overrides = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    r"""Show what the data of a recipe holds: sentences, words, labels, gaps, unknown words.

    Examples:
      hf-sluice data recipes/demo.yaml
      hf-sluice data recipes/demo.yaml --set 'data.train_domains=\[news]'
      hf-sluice data recipes/demo.yaml --json > demo.json
    """
    from hf_sluice.recipe import load_recipe

    loaded = load_recipe(recipe, overrides or ())  # before the libraries, which take seconds to load

    from dataclasses import asdict

    from hf_sluice.data.statistics import describe
    from hf_sluice.data.statistics_tables import statistics_tables
    from hf_sluice.training.building import build_corpus

    quiet_libraries()
    statistics = describe(build_corpus(loaded))
    if json:
        print_json(asdict(statistics))
        return
    out = console()
    print_tables(statistics_tables(statistics), out)
    for note in statistics.notes:
        out.print(f"Note: {note}", markup=False)
