"""The search for masks that stands in the folder of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.training.pruning.candidates import Candidate
from hf_sluice.training.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class RecordedSearch:
    """What a search went through.

    Args:
        candidates: per task, in the order of their rounds.
        chosen: per task the one that was chosen.
        masks: those of the model, with the round at which each weight left.
    """

    candidates: Mapping[str, tuple[Candidate, ...]]
    chosen: Mapping[str, Candidate]
    masks: MaskSet


def search_of_run(model_folder: Path) -> RecordedSearch | None:
    """The search that a model's masks come from.

    Args:
        model_folder: the folder of the model.

    Returns:
        None where the model does not lie in the folder of a finished run, or its masks were not searched for, but
        given or drawn at random.

    Raises:
        ModelFolderError: the record is damaged.
    """
    folder = model_folder.resolve()
    run = RunFolder(folder.parent)
    if folder != run.model or not run.is_finished:
        return None
    found: dict[str, Any] = run.read_results().get("search") or {}
    if not found.get("candidates"):
        return None
    try:
        masks = MaskSet.load(run.masks)
        candidates = {task: tuple(Candidate(**one) for one in of_task) for task, of_task in found["candidates"].items()}
        chosen = {
            task: next(one for one in of_task if one.round == found["chosen_round"][task])
            for task, of_task in candidates.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration) as error:
        raise ModelFolderError(f"{run.path}: the record of the search for masks is damaged ({error})") from None
    return None if masks.rounds is None else RecordedSearch(candidates, chosen, masks)
