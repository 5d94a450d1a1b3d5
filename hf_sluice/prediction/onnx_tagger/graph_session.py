"""Graphs that run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

GRAPH, CHARACTERS = "model.onnx", "characters.onnx"


def output_name(task: str) -> str:
    """What the logits of a task are called in a graph."""
    return f"logits_{task}"


def open_graph(path: Path, threads: int) -> Any:
    """Makes a graph ready to run on the processor.

    Args:
        path: of its file.
        threads: that arithmetic is spread over; 0 for as many as there are processors.

    Raises:
        ValueError: the file is missing or damaged; the message names it.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as problems

    if not path.is_file():
        raise ValueError(f"{path}: there is no such graph")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (problems.Fail, problems.InvalidProtobuf, problems.InvalidGraph, problems.InvalidArgument) as error:
        raise ValueError(f"{path}: damaged, no graph that can be run ({str(error).splitlines()[0]})") from None
