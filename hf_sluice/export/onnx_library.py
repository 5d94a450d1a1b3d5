"""Whether the packages are there that make and run ONNX graphs."""

from __future__ import annotations

from importlib.util import find_spec

from hf_sluice.errors import UserError

_PACKAGES = ("onnx", "onnxruntime")


def need_onnx() -> None:
    """Sees to it that ONNX graphs can be made and run.

    Raises:
        UserError: a package is not there.
    """
    for name in _PACKAGES:
        if find_spec(name) is None:
            raise UserError(f"ONNX needs the package {name}, which is not there: pip install 'hf-sluice[onnx]'")
