"""From a recipe to the masks of its tasks, and the weights that their training begins with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hf_sluice.errors import RecipeError
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.training.pruning.given_masks import layer_masks, random_masks
from hf_sluice.training.pruning.prune import whole_mask
from hf_sluice.training.pruning.search import find_start, search
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.search_recipe import mask_settings, search_recipe
from hf_sluice.training.pruning.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import torch
    from torch import Tensor

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
    from hf_sluice.recipe import Recipe
    from hf_sluice.training.pruning.candidates import Candidate
    from hf_sluice.training.pruning.settings import MaskSettings


@dataclass(frozen=True)
class FoundMasks:
    """What the training of subnets in parallel begins with.

    Args:
        masks: of the recipe's tasks, with the rounds of their search where there was one.
        start: the weights, by their names in the tagger of the tasks searched for; none for the model's own.
        search_tasks: these tasks, in the order of that tagger's heads.
        chosen: per task the candidate that was chosen; nothing without a search.
        candidates: per task all of them.
    """

    masks: MaskSet
    start: Mapping[str, Tensor]
    search_tasks: tuple[str, ...]
    chosen: Mapping[str, Candidate] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)

    def apply(self, model: SparseSharingForTokenClassification) -> None:
        """Gives a fresh model the masks and the weights, each task those of its own head."""
        weights = {}
        for name, weight in self.start.items():
            if ".task_masks." in name:
                continue
            if name.startswith("heads."):
                _, head, rest = name.split(".", 2)
                task = self.search_tasks[int(head)]
                if task not in model.config.task_names:
                    continue
                name = f"heads.{model.config.task_index(task)}.{rest}"  # noqa: PLW2901
            weights[name] = weight
        model.load_state_dict(weights, strict=False)
        model.set_masks(self.masks.masks)

    def to_dict(self) -> dict[str, Any]:
        """Plain values: candidates, and the round chosen."""
        return {
            "candidates": {task: [asdict(one) for one in of_task] for task, of_task in self.candidates.items()},
            "chosen_round": {task: one.round for task, one in self.chosen.items()},
        }


def find_masks(
    recipe: Recipe,
    corpus: TaggingCorpus,
    folder: Path,
    *,
    device: torch.device | str = "cpu",
    tell: Callable[[str], None] = lambda _line: None,
) -> FoundMasks:
    """Finds the masks that a recipe asks for, by a search where need be.

    Args:
        recipe: of a model of sparse sharing, whose masks have been checked.
        corpus: its sentences, with all tasks that are searched for.
        folder: where a search is kept; one that is there is taken up.
        device: where to compute.
        tell: called with a line from time to time.

    Raises:
        UserError: a round that there is not, a folder with another search, or one that is damaged.
    """
    settings = mask_settings(recipe)
    bench = Workbench(search_recipe(recipe), corpus, device)
    if not settings.needs_training:
        return FoundMasks(_masks_without_search(recipe, bench), {}, tuple(bench.tasks))
    bench.check_labels()
    kept = SearchFolder(folder)
    kept.open(bench.recipe)
    if not settings.needs_search:
        return FoundMasks(_masks_without_search(recipe, bench), find_start(bench, kept, tell), tuple(bench.tasks))
    records = search(bench, kept, recipe.task_names, tell)
    candidates = {task: tuple(records[task].candidates) for task in recipe.task_names}
    chosen = {task: _choose(settings, task, of_task) for task, of_task in candidates.items()}
    found = {task: records[task].mask(chosen[task].round) for task in recipe.task_names}
    if settings.method == "random":
        masks = MaskSet(random_masks(found, recipe.seed))
    else:
        masks = MaskSet(found, {task: records[task].left for task in recipe.task_names})
    return FoundMasks(masks, find_start(bench, kept, tell), tuple(bench.tasks), chosen, candidates)


def _choose(settings: MaskSettings, task: str, candidates: tuple[Candidate, ...]) -> Candidate:
    try:
        return settings.choice_of(task).of(candidates)
    except ValueError as error:
        raise RecipeError(f"masks.{error}, of task {task!r}") from None


def _masks_without_search(recipe: Recipe, bench: Workbench) -> MaskSet:
    settings = mask_settings(recipe)
    if settings.method == "all":
        return MaskSet({task: whole_mask(bench.shapes) for task in recipe.task_names})
    num_layers = bench.model.config.num_layers
    return MaskSet(layer_masks(recipe.task_names, bench.shapes, num_layers, settings.task_layers))
