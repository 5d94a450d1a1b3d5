"""What happened in a run, as JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class MetricsLog:
    """One JSON object per line: ``event``, ``step`` (optimisation steps so far) and whatever belongs to the event.

    Args:
        path: the file; made when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, event: str, step: int, **values: Any) -> None:
        """Appends a line."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, "step": step, **values}, ensure_ascii=False) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """All whole lines; a line cut off by a crash is left out."""
        if not self._path.exists():
            return []
        # Not splitlines(): strings may hold other characters that it takes for line ends.
        *lines, _cut_off = self._path.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines]

    def rewind(self, step: int) -> None:
        """Drops what was written after a step, before the run continues from there."""
        kept = [event for event in self.read() if event["step"] <= step]
        aside = self._path.with_suffix(".writing")
        aside.write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in kept), encoding="utf-8")
        aside.replace(self._path)
