"""Steps that a GPU has recorded: of a batch of a shape seen before, forward and backward pass are one launch.

A tagger launches many small kernels in a step, and launching may take longer than computing. A CUDA graph holds all of
them, for tensors of one shape at one place in memory. So batches are padded to few shapes, and copied to that place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map
from transformers.utils import logging

from hf_sluice.training.device_transfer import on_device
from hf_sluice.training.encoded_split import UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from hf_sluice.training.processes import Processes
    from hf_sluice.training.settings import TrainingSettings

Gradients: TypeAlias = Callable[[dict[str, Any]], tuple[dict[str, Tensor], Tensor]]
"""Takes a model's inputs, leaves gradients in ``grad``, returns losses and penalty."""

# Words, forms and characters of a batch are padded to multiples of these: little more to compute, few shapes.
_WORDS, _FORMS, _CHARACTERS = 8, 64, 8
_MOST_GRAPHS = 64

logger = logging.get_logger(__name__)


class Recorder(Protocol):
    """Records what a device is told to do."""

    def warm_up(self, function: Callable[[], Any]) -> Any:
        """Does something as it will be recorded; what is set up at the first call must not be recorded."""
        ...

    def record(self, function: Callable[[], Any]) -> tuple[Any, Callable[[], None]]:
        """What a function returned, which holds nothing yet, and what fills it whenever it is called."""
        ...


class CudaRecorder:
    """Records CUDA graphs, whose temporary memory is common to all: one runs at a time.

    Args:
        device: a GPU.
    """

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()

    def warm_up(self, function: Callable[[], Any]) -> Any:
        """Calls a function on the stream on which it will be recorded."""
        current = torch.cuda.current_stream(self._stream.device)
        self._stream.wait_stream(current)
        with torch.cuda.stream(self._stream):
            result = function()
        current.wait_stream(self._stream)
        return result

    def record(self, function: Callable[[], Any]) -> tuple[Any, Callable[[], None]]:
        """Records a function's launches."""
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream):
            result = function()
        return result, graph.replay


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A graph with the memory that it reads and writes.

    Args:
        inputs: tensors to copy a batch to.
        outputs: losses and penalty.
        gradients: of each parameter; None where it has none.
        replay: computes outputs and gradients of the inputs.
    """

    inputs: list[Tensor]
    outputs: tuple[dict[str, Tensor], Tensor]
    gradients: list[Tensor | None]
    replay: Callable[[], None]


class RecordedGradients:
    """Computes gradients of batches, from the second of a shape on by a graph.

    The numbers are those of the padded batches: without noise and dropout those of the batches themselves, up to
    rounding. Noise is drawn for padding, too, so that it is another draw than without graphs.

    Args:
        gradients: what is recorded; it must wait for nothing.
        parameters: whose gradients it makes.
        recorder: of the device.
        most_graphs: shapes that come later than these are computed without a graph.
    """

    def __init__(
        self,
        gradients: Gradients,
        parameters: Sequence[nn.Parameter],
        recorder: Recorder,
        most_graphs: int = _MOST_GRAPHS,
    ) -> None:
        self._gradients = gradients
        self._parameters = list(parameters)
        self._recorder = recorder
        self._most_graphs = most_graphs
        self._seen: set[Any] = set()
        self._graphs: dict[Any, _Recorded] = {}

    def __call__(self, inputs: dict[str, Any], noise: int) -> tuple[dict[str, Tensor], Tensor]:
        """Losses and penalty of a batch, whose gradients are left in the parameters' ``grad``.

        Args:
            inputs: of the model, with ``tasks``, ``labels`` and ``num_items``.
            noise: what is drawn at random is a function of it.
        """
        inputs = padded(inputs)
        shape = _shape(inputs)
        if shape not in self._graphs and shape in self._seen and len(self._graphs) < self._most_graphs:
            self._record(shape, inputs)
        self._seen.add(shape)
        torch.manual_seed(noise)
        if shape not in self._graphs:
            return self._recorder.warm_up(lambda: self._gradients(inputs))
        return self._replay(self._graphs[shape], inputs)

    def _record(self, shape: Any, inputs: dict[str, Any]) -> None:
        place = tree_map(lambda value: value.clone() if torch.is_tensor(value) else value, inputs)
        for parameter in self._parameters:
            parameter.grad = None  # so that the graph makes its own
        try:
            outputs, replay = self._recorder.record(lambda: self._gradients(place))
        except RuntimeError as error:
            logger.warning(f"training.cuda_graphs: none from here on, this could not be recorded: {_first_line(error)}")
            self._most_graphs = 0
        else:
            gradients = [parameter.grad for parameter in self._parameters]
            self._graphs[shape] = _Recorded(_tensors(place), outputs, gradients, replay)
        for parameter in self._parameters:
            parameter.grad = None

    def _replay(self, graph: _Recorded, inputs: dict[str, Any]) -> tuple[dict[str, Tensor], Tensor]:
        for place, value in zip(graph.inputs, _tensors(inputs), strict=True):
            place.copy_(value, non_blocking=True)
        graph.replay()
        for parameter, gradient in zip(self._parameters, graph.gradients, strict=True):
            parameter.grad = gradient
        losses, penalty = graph.outputs  # which the next replay overwrites
        return {task: loss.clone() for task, loss in losses.items()}, penalty.clone()


def graphs_obstacle(settings: TrainingSettings, processes: Processes) -> str | None:
    """Why steps cannot be recorded, None where they can be."""
    if processes.device.type != "cuda":
        return f"the model is on {processes.device.type}, and graphs are for GPUs"
    if processes.num_processes > 1:
        return f"there are {processes.num_processes} processes, which wait for each other's gradients"
    if settings.micro_batch_size is not None:
        return "micro_batch_size cuts batches into pieces"
    if settings.objective.name != "fixed":
        return f"the weights of objective {settings.objective.name} change from step to step"
    return None


def padded(inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs of a model padded to few shapes, and the numbers that losses are divided by as tensors.

    What is added stands for no word and has no label: it changes neither a loss nor a gradient.
    """
    words = -inputs["input_ids"].shape[1] % _WORDS
    forms, characters = (-size % to for size, to in zip(inputs["char_ids"].shape, (_FORMS, _CHARACTERS), strict=True))
    device = inputs["input_ids"].device
    return {
        **inputs,
        **{name: pad(inputs[name], (0, words)) for name in ("input_ids", "attention_mask", "char_index")},
        "char_ids": pad(inputs["char_ids"], (0, characters, 0, forms)),
        "labels": {task: pad(value, (0, words), value=UNLABELLED) for task, value in inputs["labels"].items()},
        "num_items": {task: on_device(torch.tensor(n), device) for task, n in inputs["num_items"].items()},
    }


def _shape(inputs: dict[str, Any]) -> Any:
    """What two batches have in common that one graph serves."""
    leaves, structure = tree_flatten(inputs)
    parts = (tuple(leaf.shape) if torch.is_tensor(leaf) else leaf for leaf in leaves)
    return (str(structure), *parts)


def _tensors(inputs: dict[str, Any]) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(inputs) if torch.is_tensor(leaf)]


def _first_line(error: RuntimeError) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
