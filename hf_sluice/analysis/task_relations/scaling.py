"""Features on the scale from 0 to 1.

Shape letters: P pairs, F features of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Scaling:
    """The least and the greatest value of each feature among some pairs become 0 and 1 (Bingel & Søgaard 2017).

    Args:
        minimum: (F,) least values.
        maximum: (F,) greatest values.
    """

    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]

    @classmethod
    def of(cls, values_PF: NDArray[np.float64]) -> Self:
        """The scaling under which the values of some pairs lie between 0 and 1."""
        return cls(values_PF.min(axis=0), values_PF.max(axis=0))

    def apply(self, values_PF: NDArray[np.float64]) -> NDArray[np.float64]:
        """(P, F) scaled values.

        A value below the least or above the greatest is 0 or 1: nothing is known of what it would do, and a ratio can
        lie a thousand times as far out as any that was seen. A feature that was the same in all pairs is 0.
        """
        width_F = self.maximum - self.minimum
        constant_F = width_F == 0
        scaled_PF = (values_PF - self.minimum) / np.where(constant_F, 1.0, width_F)
        return np.where(constant_F, 0.0, np.clip(scaled_PF, 0.0, 1.0))
