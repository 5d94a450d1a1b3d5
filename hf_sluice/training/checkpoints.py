"""Checkpoints to resume from: written aside, renamed into place, read without unpickling."""

from __future__ import annotations

import os
import shutil
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import torch

from hf_sluice.errors import ModelFolderError

if TYPE_CHECKING:
    from pathlib import Path

_PREFIX = "step-"
_STATE = "state.pt"


class Checkpoints:
    """The checkpoints of a run, of which the last one is kept.

    Args:
        folder: holds ``step-<number>/state.pt``; made when the first one is saved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Writes a state (tensors and plain values) and then removes older ones.

        A checkpoint under its final name is always whole.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._remove_unfinished()
        aside = self._folder / f"writing-{step}"
        aside.mkdir()
        with (aside / _STATE).open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        final = self._folder / f"{_PREFIX}{step:09d}"
        if final.exists():
            shutil.rmtree(final)
        aside.rename(final)
        for older in self._all():
            if older != final:
                shutil.rmtree(older)

    def latest(self) -> Path | None:
        """The folder of the last checkpoint, None if there is none."""
        # One without its file is what a crash left of its removal.
        return max((folder for folder in self._all() if (folder / _STATE).exists()), default=None)

    def load(self) -> dict[str, Any] | None:
        """The last state, on the CPU; None if there is none.

        Raises:
            ModelFolderError: the file is damaged, or holds something else than tensors and plain values.
        """
        latest = self.latest()
        if latest is None:
            return None
        path = latest / _STATE
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, OSError, ValueError, UnpicklingError, KeyError) as error:
            raise ModelFolderError(
                f"{path}: the checkpoint is damaged ({type(error).__name__}); "
                "remove its folder and train anew with --overwrite"
            ) from error

    def clear(self) -> None:
        """Removes all checkpoints."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _all(self) -> list[Path]:
        return sorted(self._folder.glob(f"{_PREFIX}*")) if self._folder.exists() else []

    def _remove_unfinished(self) -> None:
        for path in self._folder.glob("writing-*"):
            shutil.rmtree(path)
