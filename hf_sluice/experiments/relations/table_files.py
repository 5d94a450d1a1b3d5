"""Tables written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def write_tsv(table: pd.DataFrame, path: Path) -> Path:
    """Writes columns separated by tabs, without the index; returns the path.

    Raises:
        UserError: the file cannot be written.
    """
    with write_whole(path) as file:
        table.to_csv(file, sep="\t", index=False, lineterminator="\n")
    return path


def write_parquet(table: pd.DataFrame, path: Path) -> Path:
    """Writes columns and, where it has a name, the index; returns the path.

    Raises:
        UserError: the file cannot be written.
    """
    aside = path.with_name(f"{path.name}.writing")
    try:
        table.to_parquet(aside, index=table.index.name is not None)
        aside.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        aside.unlink(missing_ok=True)
    return path
