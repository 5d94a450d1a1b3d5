"""The folder of a search: the weights that all rounds begin with, and a record for each task."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import yaml
from filelock import FileLock
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.recipe import Recipe
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor


class SearchFolder:
    """Where a search is kept: ``recipe.yaml``, ``start.safetensors``, ``tasks/<task>/``.

    Several processes may work at one search: whoever does something holds its lock, which ends with the process.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._recipe = path / "recipe.yaml"
        self._start = path / "start.safetensors"
        self.checkpoints = path / "warm_up"

    def check(self, recipe: Recipe) -> None:
        """Sees to it that a search may be made or taken up here; writes nothing.

        Raises:
            UserError: it holds another search.
        """
        if self._recipe.exists() and self._read_recipe() != recipe:
            raise UserError(f"{self.path}: holds the search of another recipe or seed; remove it or choose another")

    def remove_other(self, recipe: Recipe | None) -> None:
        """Removes the search that is there, unless it is the one of a recipe."""
        if self.path.exists() and (recipe is None or self._read_recipe() != recipe):
            shutil.rmtree(self.path)

    def open(self, recipe: Recipe) -> None:
        """Makes the folder, or takes up the search that is there.

        Raises:
            UserError: it holds another search, or cannot be written.
        """
        self.check(recipe)  # before anything is written; and again, as somebody else may have written meanwhile
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{self.path}: the search's folder cannot be written ({error.strerror})") from None
        with self.lock("recipe"):
            self.check(recipe)
            if not self._recipe.exists():
                with write_whole(self._recipe) as file:
                    file.write(recipe.to_yaml())

    def lock(self, name: str) -> FileLock:
        """What a process holds while it sees to something."""
        locks = self.path / "locks"
        locks.mkdir(exist_ok=True)
        return FileLock(locks / f"{name}.lock")

    def task(self, name: str) -> Path:
        """The folder of a task's record."""
        return self.path / "tasks" / name

    @property
    def has_start(self) -> bool:
        """Whether the weights that rounds begin with are there."""
        return self._start.exists()

    def save_start(self, weights: Mapping[str, Tensor]) -> None:
        """Keeps the weights that rounds begin with, and forgets how they were come by."""
        aside = self._start.with_name("start.safetensors.writing")
        save_file({name: weight.contiguous() for name, weight in weights.items()}, aside)
        aside.replace(self._start)
        if self.checkpoints.exists():
            shutil.rmtree(self.checkpoints)

    def load_start(self) -> dict[str, Tensor]:
        """The weights that rounds begin with.

        Raises:
            ModelFolderError: the file is missing or damaged.
        """
        try:
            return load_file(self._start)
        except (SafetensorError, OSError) as error:
            raise ModelFolderError(f"{self._start}: damaged or cut short ({error}); remove the search") from None

    def _read_recipe(self) -> Recipe | None:
        try:
            return Recipe.model_validate(yaml.safe_load(self._recipe.read_text(encoding="utf-8")))
        except (OSError, ValueError, yaml.YAMLError, ValidationError):
            return None
