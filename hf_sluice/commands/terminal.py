"""What the commands print with: consoles for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hf_sluice.printable_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

_UNLIMITED = 400


def console(*, stderr: bool = False) -> Console:
    """A console for tables; where it is no terminal they are as wide as they need to be."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _UNLIMITED, highlight=False)


def tell(line: str) -> None:
    """Prints a line of progress to standard error, from whichever process."""
    console(stderr=True).print(line, markup=False, soft_wrap=True)


def print_tables(tables: Iterable[RenderableType], out: Console) -> None:
    """Prints tables, an empty line after each."""
    for table in tables:
        out.print(table)
        out.print()


def facts_grid(facts: Iterable[tuple[str, str]]) -> Table:
    """Names and what is to be said of them, without lines."""
    grid = Table.grid(padding=(0, 2))
    for name, fact in facts:
        grid.add_row(Text(printable(name)), Text(printable(fact)))
    return grid


def print_json(values: Any) -> None:
    """Prints one JSON document to standard output."""
    sys.stdout.write(to_json(values))


def to_json(values: Any) -> str:
    """A JSON document, indented; ends with a line break."""
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"
