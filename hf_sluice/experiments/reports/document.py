"""A report as it grows: Markdown, and the pictures that lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.figure_file import save_figure
from hf_sluice.errors import UserError
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from hf_sluice.evaluation.tables import TextTable

REPORT_FILE = "report.md"


class Document:
    """Markdown in the making.

    Args:
        title: of the whole.
    """

    def __init__(self, title: str) -> None:
        self._parts = [f"# {title}\n"]
        self._figures: dict[str, Figure] = {}

    def heading(self, text: str, level: int = 2) -> None:
        """Adds a heading; the title is of level 1."""
        self._parts.append(f"{'#' * level} {text}\n")

    def paragraph(self, text: str) -> None:
        """Adds a paragraph of Markdown."""
        self._parts.append(f"{text}\n")

    def items(self, texts: list[str]) -> None:
        """Adds a list."""
        self._parts.append("".join(f"- {text}\n" for text in texts))

    def code(self, text: str, language: str) -> None:
        """Adds a block of code."""
        self._parts.append(f"```{language}\n{text.rstrip()}\n```\n")

    def table(self, table: TextTable) -> None:
        """Adds a table below its title."""
        if table.title:
            self.paragraph(f"{table.title}:")
        self._parts.append(table.markdown())

    def picture(self, figure: Figure, name: str, text: str) -> None:
        """Adds a figure, to be written beside the report as ``<name>.png``.

        Args:
            figure: the figure.
            name: of the file, without its ending.
            text: what it shows, in words.
        """
        self._figures[f"{name}.png"] = figure
        self._parts.append(f"![{text}]({name}.png)\n")

    def markdown(self) -> str:
        """All of it."""
        return "\n".join(self._parts)

    def write(self, folder: Path) -> list[Path]:
        """Writes the report and its pictures into a folder, which is made where it is missing; returns their paths.

        Raises:
            UserError: the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{folder}: the report cannot be written ({error.strerror})") from None
        for name, figure in self._figures.items():
            save_figure(figure, folder / name)
        with write_whole(folder / REPORT_FILE) as file:
            file.write(self.markdown())
        return [folder / REPORT_FILE, *(folder / name for name in self._figures)]
