"""``hf-sluice relate fit``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.terminal import console, print_tables

if TYPE_CHECKING:
    from hf_sluice.analysis.task_relations.relations import TaskRelations

Features = Annotated[
    Path,
    typer.Argument(
        metavar="FEATURES", help="Table (.tsv, .csv, .parquet): column task, and one per feature; empty if not known."
    ),
]
Gains = Annotated[
    Path,
    typer.Argument(
        metavar="GAINS", help="Table: columns main, auxiliary, gain (per cent); perhaps spread, seeds, verdict."
    ),
]


def fit(
    features: Features,
    gains: Gains,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The predictor, as JSON.")],
    read: Annotated[
        list[str] | None,
        typer.Option("--features", metavar="NAME,…", help="What to read of tasks. [default: what compares elsewhere]"),
    ] = None,
) -> None:
    r"""Fit a predictor of gains to tables of task features and of gains.

    Shows what it is worth: for pairs drawn at random, for a task left out with
    all its pairs, and for two of them, each beside what can be had without any
    feature. The file holds the tables, too, so that the predictor can be fitted
    again to fewer features.

    Examples:
      hf-sluice relate fit features.tsv gains.tsv --output predictor.json
      hf-sluice relate fit features.tsv gains.tsv -o predictor.json --features labels,label_entropy,curve_a
    """
    from hf_sluice.analysis.task_relations.relation_tables import read_features, read_gains
    from hf_sluice.analysis.task_relations.relations import TaskRelations

    tasks = read_features(features)
    table = read_gains(gains, list(tasks.index))
    names = [name.strip() for given in read or () for name in given.split(",") if name.strip()]
    fitted = TaskRelations.from_tables(tasks, table, f"{features}, {gains}").fit(names or None)
    fitted.save(output)
    _show(fitted)
    typer.echo(f"wrote {output}")


def _show(fitted: TaskRelations) -> None:
    from hf_sluice.analysis.task_relations.validation_tables import validation_table
    from hf_sluice.errors import UserError

    out = console()
    for line in fitted.left_out:
        out.print(f"left out: {line}", markup=False, soft_wrap=True)
    try:
        print_tables([validation_table({"predictor": fitted.validate()}).rich()], out)
    except UserError as error:  # too few pairs; it is fitted all the same
        out.print(f"not validated: {error}", markup=False, soft_wrap=True)
