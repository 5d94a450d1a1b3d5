"""``hf-sluice relate published``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.terminal import tell


def published(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the results go.")] = Path(
        "recipes/results/task_relations_published"
    ),
    data: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Holds the published files. [default: bingel2017 in HF_SLUICE_DATA]"),
    ] = None,
) -> None:
    r"""Recompute what was published of task relations, and the predictor that ships.

    From the learning curves of Bingel & Søgaard (2017): their Tables 3 and 4,
    what these rest on, robust features beside theirs, and what predictions are
    worth for pairs of known tasks and for a new task. Trains nothing; takes a
    minute or two.

    Examples:
      hf-sluice relate published
      hf-sluice relate published --output /tmp/published
    """
    from hf_sluice.analysis.task_relations.published import read_published
    from hf_sluice.experiments.relations.published_report import write_published
    from hf_sluice.experiments.relations.published_results import published_results

    results = published_results(read_published(data or _folder()), tell)
    typer.echo(f"wrote {', '.join(map(str, write_published(results, output)))}")


def _folder() -> Path:
    import os

    from hf_sluice.data.load import ROOT_VARIABLE
    from hf_sluice.errors import UserError

    root = os.environ.get(ROOT_VARIABLE)
    if not root:
        raise UserError(f"{ROOT_VARIABLE} is not set; it should name the folder that holds bingel2017; or give --data")
    return Path(root) / "bingel2017"
