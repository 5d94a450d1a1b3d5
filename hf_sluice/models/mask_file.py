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
from safetensors.torch import save
from torch import Tensor

from .maskable_parameters import num_weights
from .packed_bits import has_stray_bits, pack_bits, packed_size, unpack_bits
from .sorted_header import with_sorted_header
from .task_masks import as_mask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FORMAT = "hf_sluice.masks"
VERSION = "1"
_MASKS, _ROUNDS = "masks/", "rounds/"


@dataclass(frozen=True)
class MaskSet:
    """Masks of some tasks for parameters of one network.

    Args:
        masks: per task and parameter, by its name in the model without heads, of the parameter's shape; bool, or
            numbers that are 0 or 1.
        rounds: the same with uint8: the pruning round at which a weight left, 0 where it never did; None where no
            search is on record.

    Raises:
        ValueError: no task or parameter, other parameters or shapes for one task than for another, or other values.
    """

    masks: Mapping[str, Mapping[str, Tensor]]
    rounds: Mapping[str, Mapping[str, Tensor]] | None = None

    def __post_init__(self) -> None:
        if not self.masks or not self.shapes:
            raise ValueError("masks: there should be at least one task with one parameter")
        object.__setattr__(self, "masks", {task: self._checked(task, of_task) for task, of_task in self.masks.items()})
        if self.rounds is not None:
            self._check_rounds(self.rounds)

    def _checked(self, task: str, masks: Mapping[str, Tensor]) -> dict[str, Tensor]:
        self._check_names(f"masks of {task!r}", masks)
        return {name: as_mask(f"masks of {task!r}: {name}", masks[name], shape) for name, shape in self.shapes.items()}

    def _check_rounds(self, rounds: Mapping[str, Mapping[str, Tensor]]) -> None:
        if set(rounds) != set(self.masks):
            raise ValueError(f"rounds: are those of {', '.join(rounds)}, but the masks of {', '.join(self.masks)}")
        for task, of_task in rounds.items():
            self._check_names(f"rounds of {task!r}", of_task)
            for name, shape in self.shapes.items():
                left = of_task[name]
                if left.dtype != torch.uint8 or tuple(left.shape) != shape:
                    raise ValueError(
                        f"rounds of {task!r}: {name} should be uint8 of shape {shape}, "
                        f"not {left.dtype} of {tuple(left.shape)}"
                    )

    def _check_names(self, place: str, of_task: Mapping[str, Tensor]) -> None:
        if set(of_task) != set(self.shapes):
            raise ValueError(f"{place}: are for {', '.join(of_task)}; they should be for {', '.join(self.shapes)}")

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
        return mask_at_round(self.rounds[task], number)

    def save(self, path: Path) -> None:
        """Writes the file aside and renames it into place."""
        tensors = {}
        for name in self.shapes:
            tensors[_MASKS + name] = pack_bits(torch.stack([of[name].flatten() for of in self.masks.values()]))
            if self.rounds is not None:
                tensors[_ROUNDS + name] = torch.stack([self.rounds[task][name].flatten() for task in self.masks])
        metadata = {"format": FORMAT, "version": VERSION, "tasks": json.dumps(list(self.masks)),
                    "shapes": json.dumps(self.shapes)}  # fmt: skip
        aside = path.with_name(path.name + ".writing")
        aside.write_bytes(with_sorted_header(save(tensors, metadata)))
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
        bits = {name: _bits(path, tensors, name, len(tasks), shape) for name, shape in shapes.items()}
        rounds = None
        if any(name.startswith(_ROUNDS) for name in tensors):
            rounds = _by_task(tasks, shapes, {name: _left(path, tensors, name, bits[name]) for name in shapes})
        return cls(_by_task(tasks, shapes, bits), rounds)


def mask_at_round(left: Mapping[str, Tensor], number: int) -> dict[str, Tensor]:
    """The mask after a pruning round.

    Args:
        left: per parameter the round at which each weight left, 0 where it never did.
        number: the round; after round 0 everything was kept.
    """
    return {name: (of == 0) | (of > number) for name, of in left.items()}


def _by_task(
    tasks: Sequence[str], shapes: Mapping[str, tuple[int, ...]], rows: Mapping[str, Tensor]
) -> dict[str, dict[str, Tensor]]:
    return {
        task: {name: rows[name][row].view(shape) for name, shape in shapes.items()} for row, task in enumerate(tasks)
    }


def _read_metadata(path: Path, metadata: Mapping[str, str]) -> tuple[list[str], dict[str, tuple[int, ...]]]:
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{path}: no file of masks; its format should be {FORMAT!r}, not {metadata.get('format')!r}")
    if metadata.get("version") != VERSION:
        raise ValueError(f"{path}: version {metadata.get('version')!r} of the format; this program reads {VERSION}")
    try:
        tasks, shapes = json.loads(metadata["tasks"]), json.loads(metadata["shapes"])
    except (KeyError, ValueError):
        tasks = shapes = None
    if not (_are_names(tasks) and isinstance(shapes, dict) and shapes and all(map(_is_shape, shapes.values()))):
        raise ValueError(f"{path}: the names of tasks and the shapes of parameters are damaged")
    return tasks, {name: tuple(shape) for name, shape in shapes.items()}


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value) and 0 < len(value) == len({*value})


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and all(type(size) is int and size > 0 for size in value)


def _bits(path: Path, tensors: Mapping[str, Tensor], name: str, tasks: int, shape: tuple[int, ...]) -> Tensor:
    packed, number = tensors.get(_MASKS + name), num_weights(shape)
    if packed is None or packed.dtype != torch.uint8 or tuple(packed.shape) != (tasks, packed_size(number)):
        raise ValueError(f"{path}: the masks of {name} should be {tasks} rows of {packed_size(number)} bytes")
    if has_stray_bits(packed, number):
        raise ValueError(f"{path}: the masks of {name} have bits beyond its {number} weights")
    return unpack_bits(packed, number)


def _left(path: Path, tensors: Mapping[str, Tensor], name: str, bits: Tensor) -> Tensor:
    left = tensors.get(_ROUNDS + name)
    if left is None or left.dtype != torch.uint8 or left.shape != bits.shape:
        raise ValueError(f"{path}: the rounds of {name} should be one byte for each of its masks' bits")
    return left
