"""The folder of a run: recipe, metrics, checkpoints while it lasts, model and results when it is done."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import yaml

from hf_sluice.checkout import package_commit
from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.evaluation.evaluator import ScoreRow
from hf_sluice.models.architecture_saving import learned_architecture, replace_architecture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hf_sluice.models.mask_file import MaskSet
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.recipe import Recipe


class RunFolder:
    """Paths and files of one run.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = path / "model"
        self.search = path / "search"
        self._recipe = path / "recipe.yaml"
        self._results = path / "results.json"
        self.masks = path / "masks.safetensors"

    @property
    def is_finished(self) -> bool:
        """Whether the run came to its end."""
        return self._results.exists()

    def check(self, recipe: Recipe, *, resume: bool, overwrite: bool) -> None:
        """Sees to it that a run may be made or continued here; writes nothing.

        Raises:
            UserError: there is a run already, and neither resuming nor overwriting was asked for; or the run to
                resume is one of another recipe.
        """
        if overwrite or not self._recipe.exists():
            return
        if not resume:
            raise UserError(f"{self.path}: holds a run already; use --resume to continue it or --overwrite")
        if not self._is_of(recipe):
            raise UserError(f"{self._recipe}: the run was begun with another recipe or seed; use --overwrite")

    def open(self, recipe: Recipe, *, overwrite: bool) -> None:
        """Makes the folder, or takes up the run that is there.

        Raises:
            UserError: the folder cannot be written.
        """
        try:
            if overwrite:
                self._remove_run()
            self.path.mkdir(parents=True, exist_ok=True)
            if not self._recipe.exists():
                _write_aside(self._recipe, recipe.to_yaml())
        except OSError as error:
            raise UserError(f"{self.path}: the run's folder cannot be written ({error.strerror})") from None

    def save_model(self, model: TaggerForTokenClassification, tokenizer: TaggerTokenizer) -> None:
        """Writes the model folder aside and renames it into place."""
        aside = self.path / "model.writing"
        if aside.exists():
            shutil.rmtree(aside)
        model.save_pretrained(aside)
        replace_architecture(learned_architecture(model, commit=package_commit()), aside)
        tokenizer.save_pretrained(aside)
        if self.model.exists():
            shutil.rmtree(self.model)
        aside.rename(self.model)

    def save_masks(self, masks: MaskSet) -> None:
        """Writes ``masks.safetensors``: the masks, and the rounds of their search."""
        masks.save(self.masks)

    def write_results(self, values: Mapping[str, Any], scores: Mapping[str, Mapping[str, Sequence[ScoreRow]]]) -> None:
        """Writes what the run came to; its presence marks the run as finished.

        Args:
            values: plain values: seed, time, steps, …
            scores: per system and split the score rows.
        """
        rows = {
            system: {split: [asdict(row) for row in rows] for split, rows in splits.items()}
            for system, splits in scores.items()
        }
        _write_aside(self._results, json.dumps({**values, "scores": rows}, indent=1, ensure_ascii=False) + "\n")

    def read_results(self) -> dict[str, Any]:
        """What :meth:`write_results` wrote, score rows included.

        Raises:
            ModelFolderError: the run is not finished, or the file is damaged.
        """
        if not self.is_finished:
            raise ModelFolderError(f"{self.path}: no finished run; results.json is missing")
        try:
            values = json.loads(self._results.read_text(encoding="utf-8"))
            values["scores"] = {
                system: {split: [ScoreRow(**row) for row in rows] for split, rows in splits.items()}
                for system, splits in values["scores"].items()
            }
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelFolderError(f"{self._results}: damaged ({error})") from None
        return values

    def _is_of(self, recipe: Recipe) -> bool:
        """Whether the run was begun with this recipe, perhaps when recipes had fewer fields."""
        text = self._recipe.read_text(encoding="utf-8")
        if text == recipe.to_yaml():
            return True
        try:
            return type(recipe).model_validate(yaml.safe_load(text)) == recipe
        except (yaml.YAMLError, ValueError):  # also pydantic's own
            return False

    def _remove_run(self) -> None:
        for path in (self._results, self._recipe, self.masks, self.path / "metrics.jsonl"):
            path.unlink(missing_ok=True)
        for folder in (self.model, self.path / "checkpoints", self.path / "single_task"):
            if folder.exists():
                shutil.rmtree(folder)


def _write_aside(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".writing")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
