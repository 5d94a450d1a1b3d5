"""What a measurement was taken on and with, for those who read its numbers."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

import torch

from hf_sluice.training.machine import describe_machine


def machine_and_versions(*packages: str, device: torch.device | None = None, with_threads: bool = True) -> str:
    """Processor or GPU, threads, and the versions of torch and of other packages.

    Args:
        packages: names of distributions; those that are not installed are said to be missing.
        device: where it was computed, by default on the CPU.
        with_threads: whether it was computed in this process, whose threads are told.
    """
    device = device or torch.device("cpu")
    described = describe_machine(device)
    computed_by = described["gpu"] or f"{described['processor']}, {torch.backends.cpu.get_cpu_capability()}"
    versions = ", ".join([f"torch {torch.__version__}", *(f"{name} {_version(name)}" for name in packages)])
    threads = f"{torch.get_num_threads()} thread(s) on " if with_threads else ""
    return f"{versions}; {threads}{os.cpu_count()} cores ({computed_by})"


def load_average() -> str:
    """How many processes wanted to compute in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
