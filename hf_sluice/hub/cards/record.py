"""All that is known of a model when its card is written: the model itself and, where there is one, the run's record."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from hf_sluice.analysis.recorded_search import search_of_run
from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.hub.harmless_records import harmless
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.prediction.model_folder import load_tagger
from hf_sluice.recipe import load_recipe
from hf_sluice.tasks import Task
from hf_sluice.training.metrics_log import MetricsLog
from hf_sluice.training.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hf_sluice.analysis.recorded_search import RecordedSearch
    from hf_sluice.prediction.model_folder import SavedTagger
    from hf_sluice.recipe import Recipe

_FIELDS = {field.name for field in fields(Task)}


@dataclass(frozen=True)
class CardRecord:
    """A model and what its run wrote down.

    Args:
        tagger: the model and its tokenizer.
        repo_id: its name on the Hub, None where it has none.
        results: of the run, as ``RunFolder.read_results`` gives them; None without a run.
        recipe: of the run; None without a run.
        epochs: the lines that the run's log has of its epochs.
        search: the search that masks come from, where there was one.
    """

    tagger: SavedTagger
    repo_id: str | None = None
    results: Mapping[str, Any] | None = None
    recipe: Recipe | None = None
    epochs: tuple[Mapping[str, Any], ...] = ()
    search: RecordedSearch | None = None

    @classmethod
    def read(cls, model_folder: Path, run_folder: Path | None, repo_id: str | None) -> Self:
        """Reads model and record.

        Raises:
            ModelFolderError: the model or the record is missing or damaged, or the run is another model's.
        """
        tagger = load_tagger(str(model_folder))
        if run_folder is None or not (run_folder / "recipe.yaml").exists():
            return cls(tagger, repo_id)
        run = RunFolder(run_folder)
        recipe = load_recipe(run_folder / "recipe.yaml")
        if not run.is_finished:
            return cls(tagger, repo_id, recipe=recipe)
        results = run.read_results()
        _check_same_model(tagger, results, run_folder)
        log = MetricsLog(run_folder / "metrics.jsonl").read()
        is_sparse = isinstance(tagger.model, SparseSharingForTokenClassification)
        return cls(
            tagger,
            repo_id,
            results,
            recipe,
            tuple(event for event in log if event["event"] == "epoch"),
            search_of_run(run.model) if is_sparse else None,
        )

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The model's tasks, in order; raises UserError for one that makes no sense."""
        described = self.tagger.model.config.tasks
        return tuple(Task.from_dict({k: v for k, v in task.items() if k in _FIELDS}) for task in described)

    @property
    def groups(self) -> list[Mapping[str, Any]]:
        """Sizes of the data per split and domain; nothing where the run did not record them."""
        return list((self.results or {}).get("data", {}).get("groups", ()))

    @property
    def training_labels(self) -> Mapping[str, Mapping[str, int]]:
        """How often each label stands in training, per task; nothing where the run did not record it."""
        return (self.results or {}).get("data", {}).get("training_labels", {})

    @property
    def notes(self) -> list[str]:
        """What reading the data had to tell, one statement each; nothing where the run did not record it."""
        return [str(harmless(note)) for note in (self.results or {}).get("data", {}).get("notes", ())]

    @property
    def keeps_best_epoch(self) -> bool:
        """Whether the model is that of the best epoch, not of the last."""
        stopping = None if self.recipe is None else self.recipe.training.early_stopping
        return stopping is None or stopping.keep == "best"

    @cached_property
    def trained_domains(self) -> frozenset[str] | None:
        """The domains that were trained on; None where that is not known, or there are no domains."""
        found = {group["domain"] for group in self.groups if group["split"] == "train" and group["domain"] is not None}
        if found:
            return frozenset(found)
        named = self.recipe.data.train_domains if self.recipe is not None else None
        return None if named is None else frozenset(named)

    def group(self, split: str, domain: str | None = None) -> Mapping[str, Any] | None:
        """The sizes of one split and domain."""
        return next((group for group in self.groups if (group["split"], group["domain"]) == (split, domain)), None)


def _check_same_model(tagger: SavedTagger, results: Mapping[str, Any], run_folder: Path) -> None:
    model = tagger.model
    try:
        recorded = [task["name"] for task in results["tasks"]], results["parameters"]
    except (KeyError, TypeError):
        raise ModelFolderError(f"{run_folder / 'results.json'}: damaged; tasks or parameters are missing") from None
    if recorded != (model.config.task_names, model.num_parameters()):
        raise UserError(f"{run_folder}: the run is another model's than {tagger.folder}; its tasks or sizes differ")
