"""A search for masks on its own, ahead of the training that they are for: in one process, in several, on a cluster."""

from __future__ import annotations

from concurrent.futures import wait
from typing import TYPE_CHECKING

import torch
from accelerate import PartialState

from hf_sluice.errors import RecipeError, UserError
from hf_sluice.experiments.run_recipe import kept_corpus
from hf_sluice.experiments.worker_processes import WorkerProcesses, threads_each, visible_gpus
from hf_sluice.quiet_libraries import quiet_libraries
from hf_sluice.recipe import Recipe
from hf_sluice.training.pruning.checks import check_masks
from hf_sluice.training.pruning.found_masks import find_masks
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.search_recipe import mask_settings, search_recipe
from hf_sluice.training.pruning.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hf_sluice.training.pruning.found_masks import FoundMasks


def search_masks(
    recipe: Recipe,
    folder: Path,
    *,
    jobs: int = 1,
    on_ray: bool = False,
    tell: Callable[[str], None] = lambda _line: None,
) -> FoundMasks:
    """Searches for the subnets of all tasks that a recipe searches for, or takes up the search that is there.

    Args:
        recipe: of a model of sparse sharing.
        folder: where the search is kept; training with the same recipe looks for it in ``search/`` of the run's folder.
        jobs: tasks to search for at a time.
        on_ray: whether to do so on a Ray cluster, whose machines need not share a disk.
        tell: called with a line from time to time, in whichever process; a function of a module.

    Returns:
        The masks that the recipe chooses, and all candidates; also in ``masks.safetensors`` in the folder.

    Raises:
        UserError: something that the user has to put right; nothing has been trained then.
    """
    if not recipe.is_sparse:
        raise RecipeError("model.model_type: only models of model_type sparse_sharing have masks to search for")
    if not recipe.finds_masks:
        raise RecipeError("architecture: its masks need no search; train the recipe")
    settings = mask_settings(recipe)
    if not settings.needs_search:
        raise RecipeError(f"masks.method {settings.method}: such masks need no search; train the recipe")
    recipe = recipe.model_copy(update={"tasks": recipe.data_tasks})
    corpus = kept_corpus(recipe)
    bench = Workbench(search_recipe(recipe), corpus)
    check_masks(recipe, bench.model.config)
    bench.check_labels()
    kept = SearchFolder(folder)
    kept.open(bench.recipe)
    jobs = min(jobs, len(bench.tasks))
    if on_ray:
        _search_on_ray(bench, kept, jobs, tell)
    elif jobs > 1:
        _search_in_processes(recipe, folder, jobs, tell)
    # What is left of the search, if anything is; then what it came to.
    found = find_masks(recipe, corpus, folder, device=PartialState().device, tell=tell)
    found.masks.save(folder / "masks.safetensors")
    return found


def _search_in_processes(recipe: Recipe, folder: Path, jobs: int, tell: Callable[[str], None]) -> None:
    """Searches as far as processes get that share the tasks of one folder; what one leaves another takes up."""
    with WorkerProcesses(jobs, visible_gpus()) as workers:
        text, threads = recipe.model_dump_json(), threads_each()
        futures = [workers.submit(n, _search_beside_others, text, folder, threads, tell) for n in range(jobs)]
        for future in wait(futures).done:
            error = future.exception()
            if isinstance(error, UserError):
                raise error
            if error is not None:
                tell(f"a process of the search ended early ({type(error).__name__}: {error}); the others went on")


def _search_beside_others(recipe: str, folder: Path, threads: int, tell: Callable[[str], None]) -> None:
    quiet_libraries()
    torch.set_num_threads(threads)
    loaded = Recipe.model_validate_json(recipe)
    find_masks(loaded, kept_corpus(loaded), folder, device=PartialState().device, tell=tell)


def _search_on_ray(bench: Workbench, folder: SearchFolder, jobs: int, tell: Callable[[str], None]) -> None:
    try:
        from hf_sluice.experiments.ray_search import RaySearch
    except ModuleNotFoundError as error:
        raise UserError(f"--ray: {error.name} is not installed; pip install 'hf-sluice[ray]'") from None
    with RaySearch(bench, folder, jobs, tell) as cluster:
        cluster.search(bench.tasks)
