"""Markdown that is known to be harmless, told from plain text, which is made so wherever it is shown.

All that a card holds passes here: the template shows values by :func:`as_markdown`, and tables, lists and blocks of
code are made here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING
from hf_sluice.hub.harmless_text import in_markdown, in_table_cell
from hf_sluice.printable_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.evaluation.tables import TextTable

_LEAST_FENCE = 3


class Markdown(str):
    """Text that is Markdown, to be shown as it is."""

    __slots__ = ()


def as_markdown(value: object) -> str:
    """A value as the template shows it: Markdown as it is, anything else as text that renders as itself."""
    return value if isinstance(value, Markdown) else Markdown(in_markdown(str(value)))


def written(pattern: str, **values: object) -> Markdown:
    """A sentence of ours, with ``{names}`` for values from elsewhere."""
    return Markdown(pattern.format(**{name: as_markdown(value) for name, value in values.items()}))


def table(shown: TextTable) -> Markdown:
    """A table without its title; cells that are Markdown stay so."""
    rule = ["---" if number < shown.num_names else "---:" for number in range(len(shown.columns))]
    rows: list[Sequence[str]] = [list(map(_cell, shown.columns)), rule, *(list(map(_cell, row)) for row in shown.rows)]
    return Markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))


def listed(names: Iterable[object], last: str = "and") -> Markdown:
    """``a, b and c``; ``none`` of no names."""
    *before, end = map(as_markdown, list(names) or ["none"])
    return Markdown(f"{', '.join(before)} {last} {end}" if before else end)


def fenced(text: str, language: str = "") -> Markdown:
    """A block of code, fenced by more backticks than follow each other in it; what cannot be seen is shown."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(_LEAST_FENCE, longest + 1)
    shown = "\n".join(map(printable, text.rstrip().split("\n")))
    return Markdown(f"{fence}{language}\n{shown}\n{fence}")


def folded(summary: str, content: str) -> Markdown:
    """Content that a reader unfolds by its summary, a text of ours that is no Markdown."""
    return Markdown(f"<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>")


def _cell(value: str) -> str:
    if value == NOTHING:
        return "–"
    return value if isinstance(value, Markdown) else in_table_cell(value)
