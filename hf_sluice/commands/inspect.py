"""``hf-sluice inspect``."""

from __future__ import annotations

from typing import Annotated

import typer

from hf_sluice.commands.options import ModelName
from hf_sluice.commands.terminal import console, facts_grid, print_json, print_tables
from hf_sluice.quiet_libraries import quiet_libraries


def inspect(
    model: ModelName,
    layer: Annotated[int | None, typer.Option(metavar="K", help="Show α of this layer only, counted from 1.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    r"""Show what a model shares: α per layer, β, and how much each task draws from the others.

    Examples:
      hf-sluice inspect runs/demo
      hf-sluice inspect runs/demo --layer 2
      hf-sluice inspect runs/demo --json | jq .shares
    """
    from hf_sluice.analysis.model_summary import model_facts, model_summary, tasks_table
    from hf_sluice.analysis.sharing_tables import Sharing, alpha_tables, beta_table, shares_table
    from hf_sluice.prediction.model_folder import load_tagger

    quiet_libraries()
    tagger = load_tagger(model).model
    sharing = Sharing.of_model(tagger)
    out = console()
    alpha = alpha_tables(sharing, layer, out.width)
    if json:
        print_json({**model_summary(tagger), **sharing.to_dict()})
        return
    tables = (tasks_table(tagger), *alpha, beta_table(sharing), shares_table(sharing))
    print_tables([facts_grid(model_facts(tagger)), *(table.rich() for table in tables)], out)
