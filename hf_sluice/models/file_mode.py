"""Who may read a file that safetensors wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def give_usual_mode(path: Path) -> None:
    """Lets those read a file who may read any file that this process makes.

    safetensors writes by way of a temporary file, which its owner alone may read.
    """
    usual = path.with_name(f"{path.name}.mode")
    usual.touch()
    try:
        path.chmod(usual.stat().st_mode & 0o777)
    finally:
        usual.unlink()
