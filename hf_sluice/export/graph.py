"""An ONNX graph in the making: nodes one after the other, and the arrays that they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Shape = tuple[str | int, ...]


class Graph:
    """A graph that grows by one node at a time. What nodes give is known by names, as ONNX has it."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._arrays: dict[str, np.ndarray] = {}

    def constant(self, values: np.ndarray | Sequence[int], name: str) -> str:
        """An array that is part of the graph; ``name`` is what its name begins with."""
        array = np.asarray(values, dtype=None if isinstance(values, np.ndarray) else np.int64)
        for known, other in self._arrays.items():
            if known.partition("#")[0] == name and array.dtype == other.dtype and np.array_equal(array, other):
                return known
        unique = f"{name}#{len(self._arrays)}"
        self._arrays[unique] = array
        return unique

    def node(self, operator: str, inputs: Sequence[str], attributes: Mapping[str, Any] | None = None) -> str:
        """Adds a node of one output, and gives the name of what it gives."""
        return self.nodes(operator, inputs, 1, attributes)[0]

    def nodes(
        self, operator: str, inputs: Sequence[str], outputs: int, attributes: Mapping[str, Any] | None = None
    ) -> list[str]:
        """Adds a node of several outputs, and gives their names."""
        name = f"{operator}#{len(self._nodes)}"
        names = [name, *(f"{name}.{number}" for number in range(1, outputs))]
        self._nodes.append(helper.make_node(operator, inputs, names, name=name, **(attributes or {})))
        return names

    def output(self, value: str, name: str) -> None:
        """Gives a value the name under which the graph puts it out."""
        self._nodes.append(helper.make_node("Identity", [value], [name], name=f"output {name}"))

    def finish(self, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape], operators: int) -> ModelProto:
        """The whole graph, checked.

        Args:
            inputs: names and shapes of what is put in, with names for dimensions that vary; whole numbers, but for what
                has a width that does not vary.
            outputs: likewise names and shapes of the numbers that come out.
            operators: version of the set of operators.
        """
        graph = helper.make_graph(
            self._nodes,
            "tagger",
            [helper.make_tensor_value_info(name, _type_of(shape), shape) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
            [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in self._arrays.items()],
        )
        versions = [helper.make_opsetid("", operators)]
        # The oldest version of the file format that has these operators, so that older programs read it too.
        model = helper.make_model(
            graph,
            opset_imports=versions,
            ir_version=helper.find_min_ir_version_for(versions),
            producer_name="hf_sluice",
        )
        checker.check_model(model, full_check=True)
        return model


def _type_of(shape: Shape) -> int:
    return TensorProto.FLOAT if isinstance(shape[-1], int) else TensorProto.INT64
