"""How long threads that have done their part of an operation wait awake for the next one.

GNU's OpenMP, with which torch comes on Linux, lets them ask again and again for some milliseconds, on a processor that
something else could use meanwhile: a recurrence in a thread of its own (``hf_sluice.models.side_by_side``), another
process. Where they sleep at once, each operation has to wake them, which costs more than the operation. In between
lies what is quickest: with recurrences in threads of their own, a sluice network of two tasks trained on 13,700
label-tokens a second on two cores, and on 8,600 where torch's threads waited as long as they do by default.
"""

from __future__ import annotations

import os
import sys

_TURNS, _POLICY = "GOMP_SPINCOUNT", "OMP_WAIT_POLICY"  # read when the library is loaded, with torch
_BRIEF, _STILL_BRIEF = 1_000, 5_000  # turns; from the second on, those who wait are in the way


def wait_briefly() -> bool:
    """Has threads of this process, and of those that it starts, wait briefly; for programs, before torch is loaded.

    Returns:
        Whether it was set; not where the environment says how to wait, or torch is there already.
    """
    if "torch" in sys.modules or _TURNS in os.environ or _POLICY in os.environ:
        return False
    os.environ[_TURNS] = str(_BRIEF)
    return True


def threads_wait_briefly() -> bool:
    """Whether the environment has them wait briefly or not at all, so that their processors are free for others."""
    turns = os.environ.get(_TURNS, "")
    if turns.isdecimal():
        return int(turns) <= _STILL_BRIEF
    return os.environ.get(_POLICY, "").upper() == "PASSIVE"
