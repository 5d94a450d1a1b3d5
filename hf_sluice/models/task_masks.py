"""One binary mask per task over one base network (Sun et al. 2020, "Learning Sparse Sharing Architectures")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from transformers import initialization as init

from .maskable_parameters import layer_prefix, num_weights
from .packed_bits import has_stray_bits, pack_bits, packed_size, unpack_bits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .configuration_sparse_sharing import SparseSharingConfig


class TaskMasks(nn.Module):
    """The masks of all tasks: packed bits where they are saved, bool where they are used.

    The state holds one uint8 buffer (M, ⌈weights/8⌉) per masked parameter; what is unpacked of it is kept until it
    changes, whoever changes it.

    Args:
        config: tasks and masked parameters.
    """

    def __init__(self, config: SparseSharingConfig) -> None:
        super().__init__()
        self.tasks = tuple(config.task_names)
        self.shapes = config.masked_shapes()
        self.num_layers = config.num_layers
        for name, shape in self.shapes.items():
            size = packed_size(num_weights(shape))
            self.register_buffer(buffer_name(name), torch.empty(len(self.tasks), size, dtype=torch.uint8))
        self._unpacked: dict[str, Tensor] = {}
        self._seen: list[tuple[Tensor, int]] = []
        self._generation = 0

    def reset_parameters(self) -> None:
        """Every task keeps every weight, unless masks were loaded from a checkpoint."""
        for name, shape in self.shapes.items():
            everything = torch.ones(len(self.tasks), num_weights(shape), dtype=torch.bool)
            init.copy_(self.packed(name), pack_bits(everything))

    @property
    def generation(self) -> int:
        """A number that changes whenever a mask does, or moves to another device."""
        self._forget_if_changed()
        return self._generation

    def packed(self, name: str) -> Tensor:
        """The bits of a parameter's masks, (M, ⌈weights/8⌉)."""
        return self.get_buffer(buffer_name(name))

    def __getitem__(self, name: str) -> Tensor:
        """The masks of a parameter, bool, (M, *shape)."""
        self._forget_if_changed()
        if name not in self._unpacked:
            self._unpacked[name] = self._unpack(name)
        return self._unpacked[name]

    def names_of(self, prefix: str) -> list[str]:
        """The masked parameters whose names begin with a prefix."""
        return [name for name in self.shapes if name.startswith(prefix)]

    def of_task(self, task: str) -> dict[str, Tensor]:
        """The mask of one task: per masked parameter bool, of its shape."""
        row = self._row(task)
        return {name: self[name][row].clone() for name in self.shapes}

    def depth(self, task: str) -> int:
        """How many layers a task runs through: those below the first of which it keeps no weight."""
        row = self._row(task)
        kept = _layers_kept({name: self[name][row] for name in self.shapes}, self.num_layers)
        return [*kept, False].index(False)

    @torch.no_grad()
    def set(self, masks: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Gives tasks their masks; tasks that are not named keep theirs.

        Args:
            masks: per task and masked parameter a mask of the parameter's shape, of 0 and 1 or bool.

        Raises:
            ValueError: an unknown task or parameter, a missing parameter, another shape, values beside 0 and 1, or a
                task that would keep no weight of its first layer, or a layer above one of which it keeps none.
        """
        checked = {task: self._checked(task, of_task) for task, of_task in masks.items()}
        for task, of_task in checked.items():
            check_layers(task, of_task, self.num_layers)
        for task, of_task in checked.items():
            for name, mask in of_task.items():
                self.packed(name)[self._row(task)] = pack_bits(mask.reshape(1, -1))[0].to(self.packed(name).device)
        self._seen = []

    def check(self) -> None:
        """Sees to it that what was loaded is masks of these shapes.

        Raises:
            ValueError: bits are set beyond the weights of a parameter, or a task's masks leave a gap between layers.
        """
        for name, shape in self.shapes.items():
            if has_stray_bits(self.packed(name), num_weights(shape)):
                raise ValueError(f"masks of {name}: bits are set beyond its weights; they were made for another shape")
        for task in self.tasks:
            check_layers(task, self.of_task(task), self.num_layers)

    def __getstate__(self) -> dict[str, Any]:
        # A copy's buffers count their changes anew, and might seem to be what was seen of the original's.
        return {**self.__dict__, "_seen": []}

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *args: Any) -> None:
        error_messages: list[str] = args[-1]
        for name in self.shapes:
            packed = state_dict.get(prefix + buffer_name(name))
            if packed is not None and packed.dtype != torch.uint8:
                error_messages.append(f"masks of {name}: should be packed bits, uint8, not {packed.dtype}")
        super()._load_from_state_dict(state_dict, prefix, *args)
        if error_messages or any(buffer.is_meta for buffer in self.buffers()):
            return
        try:
            self.check()
        except ValueError as error:
            error_messages.append(str(error))

    def _forget_if_changed(self) -> None:
        # Tensors made in inference mode do not count their changes.
        current = [(buffer, 0 if buffer.is_inference() else buffer._version) for buffer in self.buffers()]  # noqa: SLF001
        if len(current) != len(self._seen) or any(
            now is not then or version != seen for (now, version), (then, seen) in zip(current, self._seen, strict=True)
        ):
            self._seen = current
            self._generation += 1
            self._unpacked.clear()

    def _checked(self, task: str, masks: Mapping[str, Tensor]) -> dict[str, Tensor]:
        self._row(task)
        for name in masks:
            if name not in self.shapes:
                raise ValueError(f"masks of {task!r}: {name!r} is none of {', '.join(self.shapes)}")
        return {name: as_mask(f"masks of {task!r}: {name}", masks.get(name), self.shapes[name]) for name in self.shapes}

    def _row(self, task: str) -> int:
        if task not in self.tasks:
            raise ValueError(f"masks: task {task!r} is none of {', '.join(self.tasks)}")
        return self.tasks.index(task)

    def _unpack(self, name: str) -> Tensor:
        shape = self.shapes[name]
        return unpack_bits(self.packed(name), num_weights(shape)).view(len(self.tasks), *shape)


def check_layers(task: str, masks: Mapping[str, Tensor], num_layers: int) -> None:
    """Sees to it that the layers that a task runs through are the first ones.

    A task runs through the layers of which it keeps a weight. As its masks zero whole layers from some layer on, its
    head reads the layer below (Sun et al. 2020: "sparse sharing can lead to … hierarchical sharing").

    Raises:
        ValueError: it keeps no weight of the first layer, or of one below another of which it does.
    """
    kept = _layers_kept(masks, num_layers)
    if not kept[0]:
        raise ValueError(f"masks of {task!r}: no weight of the first layer is kept")
    if sorted(kept, reverse=True) != kept:
        raise ValueError(f"masks of {task!r}: no weight of layer {kept.index(False) + 1} is kept, but of one above it")


def _layers_kept(masks: Mapping[str, Tensor], num_layers: int) -> list[bool]:
    """For each layer whether a task's masks keep any of it."""
    kept = []
    for layer in range(num_layers):
        names = [name for name in masks if name.startswith(layer_prefix(layer))]
        kept.append(not is_masked_whole(names) or any(bool(masks[name].any()) for name in names))
    return kept


def is_masked_whole(names: Sequence[str]) -> bool:
    """Whether masks can remove a layer: both its input and its recurrent weights are masked."""
    return len(names) == 2  # noqa: PLR2004


def as_mask(place: str, mask: Tensor | None, shape: tuple[int, ...]) -> Tensor:
    """A mask as bool, if it is one; raises ValueError saying where it stands and what it should be."""
    if mask is None:
        raise ValueError(f"{place} is missing")
    if tuple(mask.shape) != shape:
        raise ValueError(f"{place} should be of shape {shape}, not {tuple(mask.shape)}")
    if mask.dtype != torch.bool and not bool(((mask == 0) | (mask == 1)).all()):
        raise ValueError(f"{place} should hold 0 and 1 only")
    return mask.bool()


def buffer_name(parameter: str) -> str:
    """Where the state holds a parameter's masks: names of buffers have no dots."""
    return parameter.replace(".", "__")
