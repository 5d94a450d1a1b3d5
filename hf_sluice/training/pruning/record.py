"""What a search has come to for one task, on disk: resumed from, and chosen from."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

import torch

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.mask_file import MaskSet, mask_at_round
from hf_sluice.training.pruning.candidates import Candidate
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor


class SearchRecord:
    """The candidates of one task, and the round at which each weight left.

    A round is on record once its candidate is; masks are written first. So whenever the search is killed, what is on
    disk is the search up to a round.

    Args:
        folder: of the task.
        task: its name.
        shapes: of the masked parameters.
    """

    def __init__(self, folder: Path, task: str, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.task = task
        self._masks_file = folder / "masks.safetensors"
        self._candidates_file = folder / "candidates.jsonl"
        self._folder = folder
        self.candidates: list[Candidate] = []
        self.left = {name: torch.zeros(shape, dtype=torch.uint8) for name, shape in shapes.items()}

    @classmethod
    def open(cls, folder: Path, task: str, shapes: Mapping[str, tuple[int, ...]]) -> Self:
        """Reads what is there.

        Raises:
            ModelFolderError: it is damaged or another search's.
        """
        record = cls(folder, task, shapes)
        if not record._candidates_file.exists():
            return record
        try:
            lines = record._candidates_file.read_text(encoding="utf-8").splitlines()
            record.candidates = [Candidate(**json.loads(line)) for line in lines]
            saved = MaskSet.load(record._masks_file)
        except (ValueError, TypeError) as error:
            raise ModelFolderError(f"{folder}: the record of a search is damaged ({error}); remove it") from None
        if list(saved.masks) != [task] or saved.shapes != dict(shapes) or saved.rounds is None:
            raise ModelFolderError(f"{folder}: holds the search of another task or network; remove it")
        # A pruning whose round was never finished is made again.
        last = len(record.candidates)
        record.left = {name: torch.where(of <= last, of, 0) for name, of in saved.rounds[task].items()}
        return record

    @property
    def is_finished(self) -> bool:
        """Whether the search is over: its last round pruned nothing."""
        last = len(self.candidates)
        return last > 0 and not any(bool((of == last).any()) for of in self.left.values())

    def mask(self, number: int) -> dict[str, Tensor]:
        """The mask after some prunings."""
        return mask_at_round(self.left, number)

    def next_mask(self) -> dict[str, Tensor]:
        """The mask of the round at hand."""
        return self.mask(len(self.candidates))

    def add(self, candidate: Candidate, pruned: Mapping[str, Tensor] | None) -> None:
        """Puts a round on record.

        Args:
            candidate: its subnet.
            pruned: the mask of the next round; None where this one is the last.
        """
        number = candidate.round + 1
        if pruned is not None:
            self.left = {name: torch.where((of == 0) & ~pruned[name], number, of) for name, of in self.left.items()}
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = {name: of == 0 for name, of in self.left.items()}
        MaskSet({self.task: kept}, {self.task: self.left}).save(self._masks_file)
        self.candidates.append(candidate)
        with write_whole(self._candidates_file) as file:
            file.writelines(json.dumps(asdict(one)) + "\n" for one in self.candidates)
