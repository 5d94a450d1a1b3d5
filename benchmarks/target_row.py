"""A target, and what was measured for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from interleaved_timing import Spread
from markdown_table import markdown_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEADER = ("what", "target", "measured: median (quartiles)", "by CPU time", "met")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One line of the table of targets.

    Args:
        what: is measured, and how.
        target: as a sign and a number: ``≤ 1.35``; empty for a line that is there to be compared with.
        measured: what came out; None where nothing was measured.
        pattern: how its numbers are written.
        unit: of its numbers.
        by_cpu_time: the same by the time that the process computed.
        note: what has to be said beside it: why nothing was measured, or on what.
    """

    what: str
    target: str
    measured: Spread | None
    pattern: str = ".2f"
    unit: str = "×"
    by_cpu_time: Spread | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the median is what the target asks for; None where there is nothing to say."""
        if not self.target or self.measured is None:
            return None
        sign, bound = self.target.split()
        value, limit = self.measured.median, float(bound.replace(",", ""))
        return value <= limit if sign == "≤" else value >= limit

    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        met = {True: "yes", False: "**no**", None: ""}[self.is_met]
        measured = self.note if self.measured is None else self._text(self.measured)
        note = f" [{self.note}]" if self.note and self.measured is not None else ""
        by_cpu_time = "" if self.by_cpu_time is None else self._text(self.by_cpu_time)
        return f"{self.what}{note}", self._with_unit(self.target), measured, by_cpu_time, met

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_dict` gave."""
        spreads = {
            name: None if values[name] is None else Spread(**values[name]) for name in ("measured", "by_cpu_time")
        }
        return cls(**{**values, **spreads})

    def _text(self, spread: Spread) -> str:
        return self._with_unit(spread.text(self.pattern))

    def _with_unit(self, text: str) -> str:
        return f"{text} {self.unit}" if text and self.unit else text


def target_table(rows: Sequence[TargetRow]) -> str:
    """All of them, as Markdown."""
    return markdown_table(_HEADER, [row.cells() for row in rows])
