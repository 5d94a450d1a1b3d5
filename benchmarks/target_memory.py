"""The target of memory: constant while a long text is tagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from interleaved_timing import Spread
from prediction_memory import watch_memory
from target_row import TargetRow

if TYPE_CHECKING:
    from effort import Effort


def measure_memory(effort: Effort) -> list[TargetRow]:
    """Resident memory from the first tenth of the words on: how far it ever is from its median."""
    resident = np.array([megabytes for _, megabytes in watch_memory(effort.corpus, effort.stream_words)])
    away = 100 * np.abs(resident / np.median(resident) - 1)
    what = f"memory while {effort.stream_words:,} words are tagged, largest distance from its median"
    note = f"{resident.min():,.0f} to {resident.max():,.0f} MB"
    return [
        TargetRow(what, "≤ 5", Spread(float(away.max()), float(away.min()), float(away.max())), ".1f", "%", note=note)
    ]
