"""The folder that holds the runs of all experiments, each under its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from filelock import FileLock
from pydantic import ValidationError

from hf_sluice.errors import UserError
from hf_sluice.recipe import Recipe
from hf_sluice.training.run_folder import RunFolder
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.experiments.grid import Point

_LOCKS = "locks"
_FAILURE = "error.txt"


class RunStore:
    """Finished and unfinished runs.

    Args:
        path: the folder; made when the first run is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def folder(self, point: Point) -> RunFolder:
        """Where a point's run is, or will be."""
        return RunFolder(self.path / point.key)

    def recipe(self, point: Point) -> Recipe:
        """A point's recipe, to be run into its folder."""
        return point.recipe.model_copy(update={"output": str(self.path / point.key)})

    def is_finished(self, point: Point) -> bool:
        """Whether a point's run has come to its end."""
        return self.folder(point).is_finished and self._holds(point)

    def is_begun(self, point: Point) -> bool:
        """Whether a point's run has begun and not come to its end."""
        return not self.folder(point).is_finished and self._holds(point)

    def write_failure(self, point: Point, text: str) -> None:
        """Leaves word of why a point's run was given up, in ``error.txt``."""
        folder = self.path / point.key
        folder.mkdir(parents=True, exist_ok=True)
        with write_whole(folder / _FAILURE) as file:
            file.write(f"{point.label}\n{text}\n")

    def forget_failure(self, point: Point) -> None:
        """Takes it back."""
        (self.path / point.key / _FAILURE).unlink(missing_ok=True)

    def lock(self, point: Point) -> FileLock:
        """What a runner holds while it sees to a run. It is released when the process ends, however it ends."""
        locks = self.path / _LOCKS
        try:
            locks.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{self.path}: the runs' folder cannot be written ({error.strerror})") from None
        return FileLock(locks / f"{point.key}.lock")

    def _holds(self, point: Point) -> bool:
        """Whether what lies under the key is a run of the same recipe.

        It is not where a default value has changed since: keys do not tell those apart.
        """
        try:
            content = yaml.safe_load((self.path / point.key / "recipe.yaml").read_text(encoding="utf-8"))
            stored = Recipe.model_validate(content)
        except (OSError, ValueError, yaml.YAMLError, ValidationError):
            return False
        return stored.model_copy(update={"output": point.recipe.output}) == point.recipe
