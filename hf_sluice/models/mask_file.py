"""Masks as a file: what a search found, every level of sparsity that it went through included.

A safetensors file with, per masked parameter, ``masks/<name>`` (M, ⌈weights/8⌉), one bit per weight and task, and,
if a search is on record, ``rounds/<name>`` (M, weights) uint8: the pruning round at which each weight left, counted
from 1, and 0 for a weight that stayed to the end. Its metadata name format, tasks and shapes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from .maskable_parameters import num_weights
from .packed_bits import has_stray_bits, pack_bits, packed_size, unpack_bits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = "hf_sluice.masks"
VERSION = "1"
_MASKS, _ROUNDS = "masks/", "rounds/"


@dataclass(frozen=True)
class MaskSet:
    """Masks of some tasks for parameters of one network.

    Args:
        masks: per task and parameter, by its name in the model without heads, bool of the parameter's shape.
        rounds: the same with uint8: the pruning round at which a weight left, 0 where it never did; None where no
            search is on record.
    """

    masks: Mapping[str, Mapping[str, Tensor]]
    rounds: Mapping[str, Mapping[str, Tensor]] | None = None

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each masked parameter."""
        return {name: tuple(mask.shape) for name, mask in next(iter(self.masks.values())).items()}

    def at_round(self, task: str, number: int) -> dict[str, Tensor]:
        """The mask that a task had after a pruning round; after round 0 it kept everything.

        Raises:
            ValueError: the rounds are not on record.
        """
        if self.rounds is None:
            raise ValueError("these masks were saved without the rounds of their search")
        return {name: (left == 0) | (left > number) for name, left in self.rounds[task].items()}

    def save(self, path: Path) -> None:
        """Writes the file aside and renames it into place."""
        tensors = {}
        for name in self.shapes:
            tensors[_MASKS + name] = pack_bits(torch.stack([of[name].flatten() for of in self.masks.values()]))
            if self.rounds is not None:
                tensors[_ROUNDS + name] = torch.stack([of[name].flatten() for of in self.rounds.values()])
        metadata = {"format": FORMAT, "version": VERSION, "tasks": json.dumps(list(self.masks)),
                    "shapes": json.dumps(self.shapes)}  # fmt: skip
        aside = path.with_name(path.name + ".writing")
        save_file(tensors, aside, metadata)
        aside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads the file.

        Raises:
            ValueError: it is missing, cut short or no file of masks; the message names it.
        """
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        except FileNotFoundError:
            raise ValueError(f"{path}: no such file of masks") from None
        except (SafetensorError, OSError) as error:
            raise ValueError(f"{path}: damaged or cut short, or no file of masks ({error})") from None
        tasks, shapes = _read_metadata(path, metadata)
        masks: dict[str, dict[str, Tensor]] = {task: {} for task in tasks}
        rounds: dict[str, dict[str, Tensor]] = {task: {} for task in tasks}
        for name, shape in shapes.items():
            bits = _bits(path, tensors, name, len(tasks), shape)
            left = _left(path, tensors, name, bits)
            for row, task in enumerate(tasks):
                masks[task][name] = bits[row].view(shape)
                if left is not None:
                    rounds[task][name] = left[row].view(shape)
        return cls(masks, rounds if any(rounds.values()) else None)


def _read_metadata(path: Path, metadata: Mapping[str, str]) -> tuple[list[str], dict[str, tuple[int, ...]]]:
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{path}: no file of masks; its format should be {FORMAT!r}, not {metadata.get('format')!r}")
    if metadata.get("version") != VERSION:
        raise ValueError(f"{path}: version {metadata.get('version')!r} of the format; this program reads {VERSION}")
    try:
        tasks: Any = json.loads(metadata["tasks"])
        shapes: Any = json.loads(metadata["shapes"])
        return [str(task) for task in tasks], {str(name): tuple(map(int, shape)) for name, shape in shapes.items()}
    except (KeyError, ValueError, TypeError, AttributeError):
        raise ValueError(f"{path}: the names of tasks and the shapes of parameters are damaged") from None


def _bits(path: Path, tensors: Mapping[str, Tensor], name: str, tasks: int, shape: tuple[int, ...]) -> Tensor:
    packed, number = tensors.get(_MASKS + name), num_weights(shape)
    if packed is None or packed.dtype != torch.uint8 or tuple(packed.shape) != (tasks, packed_size(number)):
        raise ValueError(f"{path}: the masks of {name} should be {tasks} rows of {packed_size(number)} bytes")
    if has_stray_bits(packed, number):
        raise ValueError(f"{path}: the masks of {name} have bits beyond its {number} weights")
    return unpack_bits(packed, number)


def _left(path: Path, tensors: Mapping[str, Tensor], name: str, bits: Tensor) -> Tensor | None:
    left = tensors.get(_ROUNDS + name)
    if left is None:
        return None
    if left.dtype != torch.uint8 or left.shape != bits.shape:
        raise ValueError(f"{path}: the rounds of {name} should be one byte for each of its masks' bits")
    return left
