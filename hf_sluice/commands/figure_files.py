"""Pictures that commands draw where they are told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.figure import Figure


def save_figures(drawn: Mapping[str, Figure], folder: Path) -> list[str]:
    """Writes pictures as ``<name>.png``; returns their paths.

    Raises:
        UserError: a file cannot be written.
    """
    from hf_sluice.analysis.figure_file import save_figure

    paths = {folder / f"{name}.png": figure for name, figure in drawn.items()}
    for path, figure in paths.items():
        save_figure(figure, path)
    return [str(path) for path in paths]
