"""``hf-sluice inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hf_sluice.commands.architecture_differences import print_differences
from hf_sluice.commands.figure_files import save_figures
from hf_sluice.commands.options import ModelName
from hf_sluice.commands.terminal import console, facts_grid, print_json, print_tables
from hf_sluice.errors import UserError
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from hf_sluice.evaluation.tables import TextTable
    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

    # Tables as wide as the terminal, plain values, and pictures by name, which take long to load.
    Shared = tuple[list[TextTable], dict[str, Any], Callable[[], Mapping[str, Figure]]]


def inspect(
    model: ModelName,
    other: Annotated[
        str | None,
        typer.Argument(metavar="OTHER", help="Another one, to hold its architecture against.", show_default=False),
    ] = None,
    layer: Annotated[
        int | None, typer.Option(metavar="K", help="Show α of this layer only, counted from 1 (sluice networks).")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Draw it: α and β into alpha.png and beta.png; masks into sparsity.png, overlap.png and, beside "
            "the search of a run, scores.png and overlap_by_round.png. Of two models, how α differs into "
            "alpha_difference.png, or how masks overlap into mask_overlap.png.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    r"""Show what a model shares: α per layer, β, and how much each task draws from the others; or the tasks' masks.

    Of masks: what remains of the weights, per task, layer and gate; how far
    tasks overlap; parameters; and the candidates of the search, where the model
    lies in the folder of the run that trained it.

    Of two models: what differs between what they share, task by task (B - A).
    Of models on the Hub, the files of their architectures alone are fetched then.

    Examples:
      hf-sluice inspect runs/demo
      hf-sluice inspect runs/demo --layer 2
      hf-sluice inspect runs/demo --figures runs/demo/figures
      hf-sluice inspect runs/demo --json | jq .shares
      hf-sluice inspect runs/demo_sparse --json | jq .masks.overlap
      hf-sluice inspect runs/demo user/repo --figures runs/demo/figures
    """
    if other is not None:
        if layer is not None:
            raise UserError("--layer is for one model; two are compared in all layers")
        print_differences(model, other, figures, as_json=json)
        return

    from hf_sluice.analysis.model_summary import model_facts, model_summary, tasks_table
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
    from hf_sluice.prediction.model_folder import load_tagger

    quiet_libraries()
    loaded = load_tagger(model)
    tagger: Any = loaded.model
    out = console()
    if isinstance(tagger, SparseSharingForTokenClassification):
        if layer is not None:
            raise UserError(f"--layer is for α of a sluice network; {model} holds a model of sparse sharing")
        tables, values, draw = _of_masks(tagger, loaded.folder)
    else:
        tables, values, draw = _of_mixing(tagger, layer, out.width)
    paths = [] if figures is None else save_figures(draw(), figures)
    if json:
        print_json({**model_summary(tagger), **values, **({"figures": paths} if paths else {})})
        return
    shown = (tasks_table(tagger), *tables)
    print_tables([facts_grid(model_facts(tagger)), *(table.rich() for table in shown)], out)
    for path in paths:
        out.print(path, style="bold", markup=False, soft_wrap=True)


def _of_mixing(tagger: SluiceForTokenClassification, layer: int | None, width: int) -> Shared:
    from hf_sluice.analysis.sharing_tables import Sharing, alpha_tables, beta_table, shares_table

    def draw() -> Mapping[str, Figure]:
        from hf_sluice.analysis.sharing_figures import sharing_figures

        return sharing_figures(tagger)

    sharing = Sharing.of_model(tagger)
    tables = [*alpha_tables(sharing, layer, width), beta_table(sharing), shares_table(sharing)]
    return tables, sharing.to_dict(), draw


def _of_masks(tagger: SparseSharingForTokenClassification, folder: Path) -> Shared:
    from hf_sluice.analysis.recorded_search import search_of_run
    from hf_sluice.analysis.subnet_summary import SubnetSummary

    def draw() -> Mapping[str, Figure]:
        from hf_sluice.analysis.mask_figures import mask_figures

        return mask_figures(summary)

    summary = SubnetSummary(tagger, search_of_run(folder))
    return summary.tables(), summary.to_dict(), draw
