"""Pictures as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

_DOTS_PER_INCH = 150


def save_figure(figure: Figure, path: Path, *, dots_per_inch: int = _DOTS_PER_INCH) -> None:
    """Writes a figure as PNG, whole or not at all; equal figures become equal files.

    Args:
        figure: the figure.
        path: the file; its folder is made where it is missing.
        dots_per_inch: how fine it is drawn.

    Raises:
        UserError: the file cannot be written.
    """
    aside = path.with_name(f"{path.name}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Without the version of matplotlib, which it would hold otherwise, and without white margins.
            figure.savefig(aside, format="png", dpi=dots_per_inch, bbox_inches="tight", metadata={"Software": None})
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path}: the figure cannot be written ({error.strerror})") from None
