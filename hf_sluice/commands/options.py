"""Arguments that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from hf_sluice.prediction.number_type import NumberType

RecipeFile: TypeAlias = Annotated[Path, typer.Argument(metavar="RECIPE", help="The recipe, a YAML file.")]
ModelName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="The folder of a run or of a model, or a model on the Hub: user/repo, user/repo@revision."
    ),
]
Overrides: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.FIELD=VALUE", help="Replace a field of the recipe; can be given again."),
]
NumberTypeName: TypeAlias = Annotated[
    NumberType | None,
    typer.Option(
        "--dtype",
        help="What to compute in; by default what the model was saved in. bfloat16 is quicker and less exact.",
    ),
]
