"""``hf-sluice relate sharing``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.terminal import console, print_tables

Features = Annotated[
    Path, typer.Argument(metavar="FEATURES", help="Table of task features, as relate study or features writes it.")
]
Runs = Annotated[
    list[Path], typer.Argument(metavar="RUN...", help="Folders of finished runs of two or more of these tasks.")
]


def sharing(
    features: Features,
    runs: Runs,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="All correlations as a table (.tsv).")
    ] = None,
) -> None:
    r"""Hold the features of tasks against what their models learned to share.

    Rank correlations, over pairs of tasks, of features of the main task, of the
    auxiliary one and their ratio with α and β of sluice networks; of the mean
    and difference of two tasks' features with the overlap of their masks. p is
    by permutation of tasks, since pairs of one task are not independent, and is
    corrected for the number of tests.

    Examples:
      hf-sluice relate sharing features.tsv runs/sluice-1 runs/sluice-2
      hf-sluice relate sharing features.parquet runs/sparse -o correlations.tsv
    """
    from hf_sluice.analysis.task_relations.pair_sharing import pair_sharing
    from hf_sluice.analysis.task_relations.relation_tables import read_features
    from hf_sluice.analysis.task_relations.sharing_correlations import correlate_sharing
    from hf_sluice.errors import UserError
    from hf_sluice.experiments.relations.table_files import write_tsv
    from hf_sluice.training.run_folder import RunFolder

    if output is not None and output.suffix != ".tsv":
        raise UserError(f"--output {output}: a table of correlations should be named .tsv")
    tasks = read_features(features)
    found = correlate_sharing(tasks, pair_sharing([RunFolder(run).read_results() for run in runs]))
    out = console()
    if found.tests:
        print_tables([found.table().rich(), found.strongest().rich()], out)
    out.print(found.summary(), markup=False, soft_wrap=True)
    if output is not None:
        write_tsv(found.frame(), output)
        typer.echo(f"wrote {output}")
