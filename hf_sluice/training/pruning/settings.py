"""Which masks a model of sparse sharing gets, as plain checked values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from hf_sluice.training.pruning.choice import BEST, Choice

MaskMethod = Literal["magnitude", "scores", "random", "all", "layers"]
PruningScope = Literal["global", "layer"]

_SEARCHED = ("magnitude", "scores", "random")
MAX_ROUNDS = 255
"""A byte per weight holds the round at which it left."""

_FROM_ZERO_TO_ONE = ("pruning_rate", "final_sparsity")


@dataclass(frozen=True, slots=True)
class MaskSettings:
    """Where the masks of the tasks come from (Sun et al. 2020, "Generating Subnets for Each Task").

    Sparsity is the paper's: the share of weights that *remain*.

    Args:
        method: ``magnitude`` prunes the smallest trained weights, round by round (the paper's); ``scores`` prunes the
            weights with the lowest scores, which are trained while the weights stand still; ``random`` keeps as many
            weights of each parameter as ``magnitude`` does, at random (the control that the paper lacks); ``all`` keeps
            every weight (hard sharing) and ``layers`` the layers that ``task_layers`` names (hierarchical sharing).
        scope: ``global`` compares all masked weights with each other (the paper's); ``layer`` prunes the same share of
            each layer, the characters being one.
        pruning_rate: α, the share of the remaining weights that a round removes.
        final_sparsity: S, at which a search ends.
        epochs: passes over a task's sentences that a round trains (the paper's k steps).
        warmup_epochs: w, epochs that all tasks are trained together first; every round, and the training of the subnets
            in parallel, begin with these weights (20 or 10 in the paper). With 0 they begin with the initial ones.
        search_tasks: the tasks whose subnets are searched for, and which warm up together, as in ``tasks``; by default
            the recipe's. A model can then be trained on some of them.
        choice: which candidate a task gets: ``best`` (the best development score, among equals the sparsest),
            ``{sparsity: 0.5}`` (the candidate nearest to it), ``{round: 7}`` (after so many prunings), or one of these
            for each task by name.
        task_layers: for ``layers`` the number of layers that each task runs through, from 1; by default 1 for the first
            task and all for the others (the paper's: POS inside, chunks and names outside).

    Raises:
        ValueError: a value is out of range; the message names it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    method: MaskMethod = "magnitude"
    scope: PruningScope = "global"
    pruning_rate: float = 0.1
    final_sparsity: float = 0.1
    epochs: int = 5
    warmup_epochs: int = 10
    search_tasks: list[str | dict[str, Any]] | None = None
    choice: Any = BEST  # Choice.parse says what it may be
    task_layers: dict[str, int] | None = None

    def __post_init__(self) -> None:
        for name, choices in (("method", get_args(MaskMethod)), ("scope", get_args(PruningScope))):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} {getattr(self, name)!r} is none of {', '.join(choices)}")
        for name in _FROM_ZERO_TO_ONE:
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)} should lie between 0 and 1")
        if self._num_rounds > MAX_ROUNDS:
            raise ValueError(
                f"pruning_rate {self.pruning_rate} takes {self._num_rounds} rounds to final_sparsity "
                f"{self.final_sparsity}; at most {MAX_ROUNDS} are kept on record"
            )
        for name, least in (("epochs", 1), ("warmup_epochs", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} {getattr(self, name)} should be at least {least}")
        if self.search_tasks is not None and not self.search_tasks:
            raise ValueError("search_tasks should not be empty; without them the recipe's tasks are searched for")
        if self.task_layers is not None and self.method != "layers":
            raise ValueError(f"task_layers is for method layers, not for {self.method}")
        Choice.parse(self.choice)

    @property
    def needs_search(self) -> bool:
        """Whether candidates are searched for."""
        return self.method in _SEARCHED

    @property
    def needs_training(self) -> bool:
        """Whether anything is trained before the subnets are trained in parallel: candidates, or the warm-up."""
        return self.needs_search or self.warmup_epochs > 0

    @property
    def _num_rounds(self) -> int:
        """Prunings until no more than ``final_sparsity`` remains, but for the rounding to whole weights."""
        return math.ceil(math.log(self.final_sparsity) / math.log(1 - self.pruning_rate) - 1e-9)

    def choice_of(self, task: str) -> Choice:
        """Which of its candidates a task gets."""
        return Choice.parse(self.choice, task)
