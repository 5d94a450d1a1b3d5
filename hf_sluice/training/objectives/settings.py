"""Which objective, as plain checked values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

ObjectiveName = Literal[
    "fixed", "uncertainty", "dwa", "famo", "pcgrad", "cagrad", "mgda", "imtl_g", "aligned_mtl", "config", "graddrop"
]

# The options that a method has, with the values of its paper where they are not given.
_OPTIONS = {
    "dwa": {"temperature": 2.0},  # Liu, Johns & Davison 2019, section 4.1.2
    "famo": {"learning_rate": 0.025, "decay": 0.001},  # Liu, Feng, Stone & Liu 2023, section 5
    "cagrad": {"radius": 0.5},  # between the two values of Liu, Liu, Jin, Stone & Liu 2021, section 5
}
_POSITIVE = ("temperature", "learning_rate")
_COMPARE_LOSSES_OF_ONE_BATCH = get_args(ObjectiveName)[3:]


@dataclass(frozen=True, slots=True)
class ObjectiveSettings:
    """How the losses L_m of a step's tasks are combined. Their λ_m (``weight``) enters all of them.

    Args:
        name: ``fixed``: Σ λ_m L_m (the papers'). ``uncertainty``: weights learned as homoscedastic uncertainty
            (Kendall, Gal & Cipolla 2018). ``dwa``: weights from how fast the losses fell over the last two epochs
            (Liu, Johns & Davison 2019). ``famo``: weights that let the losses fall at equal rates (Liu, Feng, Stone &
            Liu 2023); a second forward pass per step. By the extra ``torchjd``, each task's gradient on what tasks
            share is combined with the others': ``pcgrad``, ``mgda``, ``imtl_g``, ``aligned_mtl``, ``config`` (ConFIG),
            ``graddrop``, and by the extra ``cagrad`` (which brings a solver) ``cagrad``; a backward pass per task.
        temperature: of ``dwa``: towards infinity all weights are 1; 2.0 by default.
        learning_rate: of ``famo``'s weights; 0.025 by default.
        decay: of ``famo``: γ, how strongly its weights are drawn back to λ; 0.001 by default.
        radius: of ``cagrad``: c, from 0 (the mean gradient) upwards; 0.5 by default.

    Raises:
        ValueError: an unknown name, an option that the method does not have, or a value out of range.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: ObjectiveName = "fixed"
    temperature: float | None = None
    learning_rate: float | None = None
    decay: float | None = None
    radius: float | None = None

    def __post_init__(self) -> None:
        if self.name not in get_args(ObjectiveName):
            raise ValueError(f"name {self.name!r} is none of {', '.join(get_args(ObjectiveName))}")
        for option in ("temperature", "learning_rate", "decay", "radius"):
            self._check_option(option, _OPTIONS.get(self.name, {}))

    def _check_option(self, option: str, defaults: dict[str, float]) -> None:
        value = getattr(self, option)
        if value is None:
            object.__setattr__(self, option, defaults.get(option))
        elif option not in defaults:
            owner = next(name for name, options in _OPTIONS.items() if option in options)
            raise ValueError(f"{option} is an option of {owner}, not of {self.name}")
        elif option in _POSITIVE and not value > 0:
            raise ValueError(f"{option} {value} should be positive")
        elif not value >= 0:
            raise ValueError(f"{option} {value} should be at least 0")

    def option(self, name: str) -> float:
        """The value of an option that the method has."""
        value: float = getattr(self, name)
        return value

    @property
    def needs_joint_steps(self) -> bool:
        """Whether all tasks' losses have to be of the same batch."""
        return self.name in _COMPARE_LOSSES_OF_ONE_BATCH

    @property
    def needs_whole_batches(self) -> bool:
        """Whether the step is anything but a sum over parts of the batch."""
        return self.name in _COMPARE_LOSSES_OF_ONE_BATCH

    def __str__(self) -> str:
        options = _OPTIONS.get(self.name, {})
        return ", ".join([self.name, *(f"{option.replace('_', ' ')} {self.option(option):g}" for option in options)])
