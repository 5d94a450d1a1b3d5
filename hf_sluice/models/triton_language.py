"""Triton, for the files of its kernels. It comes with torch for GPUs and is not needed elsewhere."""

from __future__ import annotations

try:  # within `try`, which tells whatever loads code from the Hub that this may be missing
    import triton
    import triton.language as tl
except ImportError as error:
    raise ImportError("the package triton is not installed") from error

__all__ = ["tl", "triton"]
