"""``hf-sluice inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import ModelName
from hf_sluice.commands.terminal import console, facts_grid, print_json, print_tables
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification


def inspect(
    model: ModelName,
    layer: Annotated[int | None, typer.Option(metavar="K", help="Show α of this layer only, counted from 1.")] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Draw α as heat maps and β as bars, into alpha.png and beta.png."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    r"""Show what a model shares: α per layer, β, and how much each task draws from the others.

    Examples:
      hf-sluice inspect runs/demo
      hf-sluice inspect runs/demo --layer 2
      hf-sluice inspect runs/demo --figures runs/demo/figures
      hf-sluice inspect runs/demo --json | jq .shares
    """
    from hf_sluice.analysis.model_summary import model_facts, model_summary, tasks_table
    from hf_sluice.analysis.sharing_tables import Sharing, alpha_tables, beta_table, shares_table
    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
    from hf_sluice.prediction.model_folder import load_tagger

    quiet_libraries()
    tagger = load_tagger(model).model
    assert isinstance(tagger, SluiceForTokenClassification)  # noqa: S101
    sharing = Sharing.of_model(tagger)
    out = console()
    alpha = alpha_tables(sharing, layer, out.width)
    paths = [] if figures is None else _draw(tagger, figures)
    if json:
        print_json({**model_summary(tagger), **sharing.to_dict(), **({"figures": paths} if paths else {})})
        return
    tables = (tasks_table(tagger), *alpha, beta_table(sharing), shares_table(sharing))
    print_tables([facts_grid(model_facts(tagger)), *(table.rich() for table in tables)], out)
    for path in paths:
        out.print(path, style="bold", markup=False, soft_wrap=True)


def _draw(tagger: SluiceForTokenClassification, folder: Path) -> list[str]:
    """Writes the pictures; returns their paths."""
    from hf_sluice.analysis.figure_file import save_figure
    from hf_sluice.analysis.sharing_figures import sharing_figures

    drawn = {folder / f"{name}.png": figure for name, figure in sharing_figures(tagger).items()}
    for path, figure in drawn.items():
        save_figure(figure, path)
    return [str(path) for path in drawn]
