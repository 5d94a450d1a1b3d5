"""``hf-sluice search``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import Overrides, RecipeFile
from hf_sluice.commands.terminal import console, print_json, print_tables, tell
from hf_sluice.errors import RecipeError
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from hf_sluice.training.pruning.found_masks import FoundMasks


def search(
    recipe: RecipeFile,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Tasks to search for at a time.")] = 1,
    ray: Annotated[
        bool, typer.Option("--ray", help="Search on the Ray cluster of RAY_ADDRESS, or of this machine.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the search is kept; by default search/ in the run's folder."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, metavar="N", help="In place of the recipe's.")] = None,
    overrides: Overrides = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    r"""Search for the subnets of a recipe's tasks, ahead of their training.

    Each task's subnet is searched for by itself: round by round the weights
    that matter least to it are pruned, and what remains is a candidate. A
    search that was cut short is continued, and hf-sluice train finds a finished
    one where it lies by default. Several commands may search in one folder;
    they share the tasks out.

    Examples:
      hf-sluice search recipes/sparse.yaml
      hf-sluice search recipes/sparse.yaml --jobs 3 --set masks.epochs=10
      hf-sluice search recipes/sparse.yaml --ray --jobs 16 --folder searches/ewt
    """
    from hf_sluice.recipe import load_recipe

    loaded = load_recipe(recipe, overrides or ())  # before the libraries, which take seconds to load
    if seed is not None:
        loaded = loaded.model_copy(update={"seed": seed})

    from hf_sluice.experiments.mask_search import search_masks
    from hf_sluice.training.run_folder import RunFolder

    quiet_libraries()
    place = RunFolder(Path(loaded.output)).search if folder is None else folder
    try:
        found = search_masks(loaded, place, jobs=jobs, on_ray=ray, tell=tell)
    except RecipeError as error:
        raise RecipeError(f"{recipe}: {error}") from None
    _print_found(found, place, as_json=json)


def _print_found(found: FoundMasks, folder: Path, *, as_json: bool) -> None:
    from hf_sluice.analysis.candidate_tables import candidates_table
    from hf_sluice.analysis.mask_tables import overlap_table, sparsity_table
    from hf_sluice.training.learned_sharing import mask_values

    measures = mask_values(found.masks.masks)
    if as_json:
        print_json({"folder": str(folder), **found.to_dict(), "masks": measures})
        return
    tables = [
        *(candidates_table(task, of_task, found.chosen[task]) for task, of_task in found.candidates.items()),
        sparsity_table(measures),
        *([overlap_table(measures)] if measures["pairs"] else []),
    ]
    out = console()
    print_tables([table.rich() for table in tables], out)
    out.print(f"Saved to {folder}: masks.safetensors, start.safetensors, tasks/", markup=False, soft_wrap=True)
