"""What a run is computed on, so far as it bears on time and cost."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import torch

_CPU_INFORMATION = Path("/proc/cpuinfo")  # Linux, where platform.processor() is empty or says "x86_64"


def describe_machine(device: torch.device) -> dict[str, Any]:
    """``processor`` (None where the system does not tell), ``threads`` of torch, and ``gpu``, None where there is none.

    Nothing in it tells whose machine it is.
    """
    return {
        "processor": _processor(),
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.get_device_name(device) if device.type == "cuda" else None,
    }


def _processor(information: Path = _CPU_INFORMATION) -> str | None:
    try:
        lines = information.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or None
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or None
