"""Scores of label sequences of a linear chain: what each transition adds to the scores of the tokens' labels."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import torch
from torch import Tensor

from .padded_stack import padded_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .transitions import AllowedTransitions

# Stands for −∞: below any sum of scores, exp is exactly 0, and yet differences and gradients stay finite.
FORBIDDEN = -1e30


class TransitionScores(NamedTuple):
    """The score of a sequence y is start[y_1] + Σ_t emission[t, y_t] + Σ_t between[y_(t−1), y_t] + end[y_T].

    Those of several tasks may stand side by side, each with a dimension before: (M, L, L), (M, L), (M, L).

    Args:
        between: (L, L), row = label before, column = label after.
        start: (L,).
        end: (L,).
    """

    between: Tensor
    start: Tensor
    end: Tensor

    @classmethod
    def indifferent(cls, emissions: Tensor) -> Self:
        """Zeros for the labels, number format and device of emissions (…, L)."""
        labels = emissions.shape[-1]
        return cls(*(emissions.new_zeros(shape) for shape in ((labels, labels), labels, labels)))

    @classmethod
    def side_by_side(cls, of_tasks: Sequence[TransitionScores]) -> Self:
        """Those of several tasks; a task with fewer labels than another gets labels of score 0."""
        return cls(*(padded_stack(parts, 0.0) for parts in zip(*of_tasks, strict=True)))

    def within(self, allowed: AllowedTransitions) -> TransitionScores:
        """The same with all else forbidden; what is forbidden gets no gradient."""
        return TransitionScores(*map(_keep, self, allowed))


def at_least_single(values: Tensor) -> Tensor:
    """Values in single precision, or in double where they are; sums over sentences are too long for less."""
    return values if values.dtype in (torch.float32, torch.float64) else values.float()


def _keep(scores: Tensor, allowed: np.ndarray) -> Tensor:
    device = scores.device
    forbidden = _forbidden(allowed) if device.type == "cpu" else _copied(allowed.tobytes(), allowed.shape, device)
    return scores.masked_fill(forbidden, FORBIDDEN)


def _forbidden(allowed: np.ndarray) -> Tensor:
    return ~torch.from_numpy(allowed)


@lru_cache(maxsize=256)
def _copied(allowed: bytes, shape: tuple[int, ...], device: torch.device) -> Tensor:
    """What is forbidden, on a device; in every step anew, the program would wait for the copy."""
    with torch.inference_mode(mode=False):  # it may be needed for gradients later
        return _forbidden(np.frombuffer(bytearray(allowed), dtype=bool).reshape(shape)).to(device)
