"""What a device can do at best: products of large matrices, and copies of large tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import torch
from interleaved_timing import time_interleaved

from hf_sluice.models.dense_product import product

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 8
_SIDE = {"cpu": 1536, "cuda": 8192}
_BYTES = {"cpu": 2**28, "cuda": 2**31}  # many times what any cache holds


@dataclass(frozen=True, slots=True)
class DeviceLimits:
    """Rates that were measured, in float32; on a GPU in whatever precision the framework is set to.

    Args:
        operations: floating-point operations a second, in the product of two square matrices by the quicker library.
        bandwidth: bytes a second that are read or written, in the copy of a tensor.
    """

    operations: float
    bandwidth: float

    @classmethod
    def measure(cls, device: torch.device, clock: str) -> Self:
        """Medians of several rounds, by ``wall`` or ``cpu`` time."""
        side, size = _SIDE[device.type], _BYTES[device.type]
        left, right = torch.randn(2, side, side, device=device)
        source = torch.ones(size // 4, device=device)
        target = torch.empty_like(source)
        cases: dict[str, Callable[[], object]] = {
            "product": _to_the_end(lambda: torch.mm(left, right), device),
            "product of the package": _to_the_end(lambda: product(left, right), device),
            "copy": _to_the_end(lambda: target.copy_(source), device),
        }
        timings = time_interleaved(cases, _ROUNDS)
        copies = timings.pop("copy").rate(2 * size, clock).median
        return cls(max(timing.rate(2 * side**3, clock).median for timing in timings.values()), copies)


def _to_the_end(run: Callable[[], object], device: torch.device) -> Callable[[], object]:
    def waiting() -> None:
        run()
        if device.type == "cuda":
            torch.cuda.synchronize()

    return waiting
