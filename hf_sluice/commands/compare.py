"""``hf-sluice compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.terminal import console, print_tables

RunFolders = Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of finished runs.")]


def compare(
    runs: RunFolders,
    split: Annotated[str, typer.Option(help="The split to show: test or validation.")] = "test",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a report.")] = False,
) -> None:
    r"""Show runs that differ in their seed as one: scores and what is shared, each as mean ± standard deviation.

    Examples:
      hf-sluice compare runs/demo-1 runs/demo-2 runs/demo-3
      hf-sluice compare runs/demo-* --markdown
    """
    from hf_sluice.analysis.run_summary import summarise_runs
    from hf_sluice.training.run_folder import RunFolder

    tables = summarise_runs([RunFolder(run).read_results() for run in runs], split)
    if markdown:
        typer.echo("\n".join(f"{table.title}:\n\n{table.markdown()}" for table in tables), nl=False)
    else:
        print_tables([table.rich() for table in tables], console())
