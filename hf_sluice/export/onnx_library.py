"""ONNX as a program that may not be there, and its versions."""

from __future__ import annotations

from importlib.util import find_spec

from hf_sluice.errors import UserError

OLDEST_OPSET, USUAL_OPSET, NEWEST_OPSET = 14, 17, 21
"""Sets of operators: runtimes since 2021 know the oldest, and the newest is as far as is tried."""

_PACKAGES = ("onnx", "onnxruntime")


def need_onnx() -> None:
    """Sees to it that ONNX graphs can be made and run.

    Raises:
        UserError: a package is not there.
    """
    for name in _PACKAGES:
        if find_spec(name) is None:
            raise UserError(f"ONNX needs the package {name}, which is not there: pip install 'hf-sluice[onnx]'")
