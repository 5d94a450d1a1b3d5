"""``hf-sluice relate features``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.options import Overrides
from hf_sluice.commands.terminal import console

Curves = Annotated[
    list[Path],
    typer.Argument(
        metavar="CURVES...",
        help="Tables (.tsv, .csv, .parquet) of losses: columns step, loss and perhaps task; else named as their task.",
    ),
]


def features(
    curves: Curves,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The table of features, .tsv or .parquet.")
    ],
    budget: Annotated[
        int | None,
        typer.Option(min=1, metavar="STEPS", help="Steps of a whole training. [default: each curve's last step]"),
    ] = None,
    recipe: Annotated[
        Path | None, typer.Option("--data", metavar="RECIPE", help="Reads the data of the tasks, for data features.")
    ] = None,
    overrides: Overrides = None,
) -> None:
    r"""Take the features of tasks from learning curves that any program has logged.

    A loss at each of some steps makes the features of the curve, the paper's
    and robust ones; data features come from the data of a recipe. What cannot
    be told from a curve is empty in the table, and said.

    Examples:
      hf-sluice relate features ner.tsv pos.tsv --output features.tsv
      hf-sluice relate features curves.csv --budget 25000 --data recipe.yaml -o features.parquet
    """
    from hf_sluice.errors import UserError
    from hf_sluice.experiments.relations.foreign_features import foreign_features
    from hf_sluice.experiments.relations.table_files import write_parquet, write_tsv
    from hf_sluice.recipe import load_recipe

    if output.suffix not in {".tsv", ".parquet"}:
        raise UserError(f"--output {output}: a table of features should be named .tsv or .parquet")
    found = foreign_features(curves, budget, None if recipe is None else load_recipe(recipe, overrides or ()))
    for problem in found.problems:
        console(stderr=True).print(problem, markup=False, soft_wrap=True)
    if output.suffix == ".tsv":
        write_tsv(found.table.reset_index(), output)
    else:
        write_parquet(found.table, output)
    known = int(found.table.notna().to_numpy().sum())
    typer.echo(f"wrote {output}: {len(found.table)} tasks, {known} of {found.table.size} values known")
