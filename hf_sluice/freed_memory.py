"""What a program frees stays with it, where the C library would give it back to the system after every step.

A step of training asks for the same memory as the one before. Where that has to come from the system each time, page
by page and filled with zeros, it was up to a sixth of the CPU time of a step (sluice, two networks, 32 sentences).
"""

from __future__ import annotations

import ctypes
import os
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # mallopt(3)
_KEPT_BYTES = 512 * 2**20  # more than a step of the papers' sizes frees; what is free beyond goes back
_LARGEST_KEPT = 32 * 2**20  # the most that glibc takes; what is larger comes from the system each time
_OF_USER = ("GLIBC_TUNABLES", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_")


def keep_freed_memory() -> bool:
    """Asks the C library of this process to keep what is freed for what is asked for next.

    Only memory that was in use before is kept, so that the most that the process ever has stays about the same.

    Returns:
        Whether it does; False on systems other than Linux with glibc, and where the environment says how to allocate.
    """
    if sys.platform != "linux" or any(name in os.environ for name in _OF_USER):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all([mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT), mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)])
