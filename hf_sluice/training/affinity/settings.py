"""Whether and how affinity is measured, as plain checked values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AffinitySettings:
    """How affinity between tasks is measured; training goes on as if it were not.

    Args:
        steps: it is measured ahead of every so many steps (10 by the authors of TAG). With M tasks, a measurement costs
            about as much as 4/3 M joint steps, or (M² + 4 M)/3 per-task steps.
        learning_rate: of the steps that are looked ahead; None is that of the run at the time. Say one where the rate
            of the run is none for plain gradient descent, as with Adadelta.

    Raises:
        ValueError: a value is out of range; the message names it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    steps: int = 10
    learning_rate: float | None = None

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError(f"steps {self.steps} should be at least 1")
        if self.learning_rate is not None and not self.learning_rate > 0:
            raise ValueError(f"learning_rate {self.learning_rate} should be positive, or null for that of the run")
