"""Waiting for what another process does, without a clock: for files, and for the end of all who hold a pipe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def wait_until(happened: Callable[[], object]) -> None:
    while not happened():
        time.sleep(0.02)


def has_checkpoint(run: Path) -> bool:
    return any(run.glob("checkpoints/step-*/state.pt"))
