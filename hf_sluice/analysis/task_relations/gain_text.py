"""Gains as text for a terminal: rows are main tasks, columns auxiliary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.gain_numbers import gain_number
from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.analysis.task_relations.short_names import short_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_WIDTH = 80
_WIDEST_ROW_NAME = 18
_CELL = 8  # "+12.3?", or a name of up to seven characters, and a space between
_CORNER = "main"
_MARKS = {Verdict.UNDECIDED: "?"}


def gain_text(gains: pd.DataFrame, tasks: Sequence[str], width: int = _WIDTH) -> str:
    """The matrix of gains in per cent, ``?`` after those that are undecided, ``·`` where there is none.

    Columns that do not fit beside each other follow below; names that are too long are shortened, and a line says how.

    Args:
        gains: columns ``main``, ``auxiliary``, ``gain``, ``verdict``, as :class:`Gains` has them.
        tasks: in the order of rows and columns.
        width: no line is longer, at least 40.
    """
    cells = {
        (row.main, row.auxiliary): gain_number(row.gain) + _MARKS.get(row.verdict, " ") for row in gains.itertuples()
    }
    room = width - _CELL * len(tasks)
    rows = short_names(tasks, min(room, _WIDEST_ROW_NAME) if room >= _CELL - 1 else _WIDEST_ROW_NAME)
    heads = short_names(tasks, _CELL - 1)
    left = max(len(_CORNER), *map(len, rows.values()))
    at_once = max(1, (width - left) // _CELL)
    lines: list[str] = []
    for block in (tasks[first : first + at_once] for first in range(0, len(tasks), at_once)):
        lines.append(_CORNER.ljust(left) + "".join(f"{heads[task]} ".rjust(_CELL) for task in block))
        for main in tasks:
            found = (cells.get((main, auxiliary), "· ") for auxiliary in block)
            lines.append(rows[main].ljust(left) + "".join(cell.rjust(_CELL) for cell in found))
        lines.append("")
    legend = [f"{short} = {task}" for task, short in heads.items() if short != task]
    lines += _wrapped([*legend, "rows: main task", "columns: auxiliary task", "?: undecided"], width)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrapped(facts: Sequence[str], width: int) -> list[str]:
    """Facts in as few lines as they fit into."""
    lines: list[str] = []
    for fact in facts:
        if lines and len(lines[-1]) + 2 + len(fact) <= width:
            lines[-1] += f", {fact}"
        else:
            lines.append(fact)
    return lines
