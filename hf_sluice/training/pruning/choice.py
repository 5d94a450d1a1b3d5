"""Which of the candidates of a search a task gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.training.pruning.candidates import Candidate

BEST = "best"
_BY_HAND = ("sparsity", "round")


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule of choice.

    Args:
        by: ``best``, ``sparsity`` or ``round``.
        value: the sparsity (share remaining) or the round wanted.
    """

    by: str = BEST
    value: float = 0.0

    @staticmethod
    def tasks_of(text: Any) -> list[str]:
        """The tasks that a recipe names rules for."""
        return list(text) if isinstance(text, dict) and not set(text) & set(_BY_HAND) else []

    @classmethod
    def parse(cls, text: Any, task: str | None = None) -> Self:
        """Reads what a recipe says: a rule for all tasks, or one for each by name.

        Args:
            text: ``best``, ``{sparsity: …}``, ``{round: …}``, or a mapping of tasks to these.
            task: whose rule is wanted; a task that a mapping leaves out gets the best candidate. None checks all.

        Raises:
            ValueError: it is none of these.
        """
        if text == BEST:
            return cls()
        if isinstance(text, dict) and text and not set(text) & set(_BY_HAND):
            rules = {name: cls.parse(rule) for name, rule in text.items() if not _is_nested(rule)}
            if len(rules) == len(text):
                return rules.get(str(task), cls())
        if isinstance(text, dict) and len(text) == 1:
            ((by, value),) = text.items()
            if by == "sparsity" and _is_number(value) and 0 < value <= 1:
                return cls(by, float(value))
            if by == "round" and isinstance(value, int) and _is_number(value) and value >= 0:
                return cls(by, value)
        raise ValueError(f"choice should be best, {{sparsity: 0.5}}, {{round: 7}}, or these by task, not {text!r}")

    def of(self, candidates: Sequence[Candidate]) -> Candidate:
        """The candidate chosen.

        Args:
            candidates: at least one, in the order of their rounds.

        Raises:
            ValueError: there is no such round.
        """
        if self.by == "round":
            for candidate in candidates:
                if candidate.round == self.value:
                    return candidate
            raise ValueError(f"choice: there is no round {self.value:g}; the last one is {candidates[-1].round}")
        if self.by == "sparsity":
            return min(candidates, key=lambda candidate: abs(candidate.sparsity - self.value))
        return max(candidates, key=lambda candidate: (candidate.score, candidate.round))


def _is_nested(rule: Any) -> bool:
    """Whether a task's rule is itself one by task."""
    return isinstance(rule, dict) and not set(rule) & set(_BY_HAND)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
