"""Which learned architecture a model is trained with, as plain checked values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

Learning = Literal["frozen", "start"]


@dataclass(frozen=True, slots=True)
class ArchitectureSettings:
    """The sharing architecture of another model, to train with anew.

    Args:
        source: the folder of a run or of a model, or a model's name on the Hub.
        revision: branch, tag or commit on the Hub; without one, what is there now.
        learn: ``frozen`` (α and β, or the masks, stay as they are) or ``start`` (α and β are learned from there on).
        tasks: for tasks of the recipe the task of the architecture whose place they take, null for new ones; the others
            take the place of the task of their name.

    Raises:
        ValueError: a value is out of range; the message names it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    source: str
    revision: str | None = None
    learn: Learning = "frozen"
    tasks: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("source should be the folder of a run or a model, or a model's name on the Hub")
        if self.learn not in get_args(Learning):
            raise ValueError(f"learn {self.learn!r} is none of {', '.join(get_args(Learning))}")
