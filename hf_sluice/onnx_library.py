"""ONNX as a program that may not be there, and its versions."""

from __future__ import annotations

from importlib.util import find_spec

from hf_sluice.errors import UserError

OLDEST_OPSET, USUAL_OPSET, NEWEST_OPSET = 14, 17, 21
"""Sets of operators: runtimes since 2021 know the oldest, and the newest is as far as is tried."""


def need_onnx(*packages: str) -> None:
    """Sees to it that packages are there, ``onnx`` to make graphs and ``onnxruntime`` to run them.

    Raises:
        UserError: one is not.
    """
    for name in packages:
        if find_spec(name) is None:
            raise UserError(f"ONNX needs the package {name}, which is not there: pip install 'hf-sluice[onnx]'")
