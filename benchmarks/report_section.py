"""Places in a Markdown file that a benchmark writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_END = "<!-- end -->"


def replace_section(path: Path, name: str, text: str) -> None:
    """Replaces what stands between ``<!-- measured: name -->`` and ``<!-- end -->``.

    Raises:
        SystemExit: there is no such place.
    """
    start = f"<!-- measured: {name} -->"
    before, mark, rest = path.read_text(encoding="utf-8").partition(start)
    if not mark or _END not in rest:
        raise SystemExit(f"{path}: has no lines {start} and {_END} to put the result between")
    path.write_text(f"{before}{start}\n{text}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")
