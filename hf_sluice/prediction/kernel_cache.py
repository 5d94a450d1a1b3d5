"""What the library that computes on processors (oneDNN) remembers."""

from __future__ import annotations

import os

_CAPACITY = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
_KERNELS = 64


def keep_few_kernels() -> None:
    """Bounds memory: a kernel is made for every shape of a batch, and a thousand are kept unless told otherwise.

    It has an effect before the first computation of a process alone. What the environment says already is left.
    """
    os.environ.setdefault(_CAPACITY, str(_KERNELS))
