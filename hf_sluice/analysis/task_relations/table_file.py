"""Tables as files: CSV, TSV or parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_UNKNOWN = {"", "nan", "none", "null"}


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """A table that has at least some columns.

    Args:
        path: the file; its ending says its form.
        columns: those it must have.

    Raises:
        DataError: the file cannot be read, is no table of its form, has no rows, or lacks a column.
    """
    import pandas as pd

    try:
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
        elif path.suffix in _SEPARATORS:
            table = pd.read_csv(path, sep=_SEPARATORS[path.suffix], keep_default_na=False)
        else:
            raise DataError(path, None, "a table should be named .csv, .tsv or .parquet")
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror or error})") from None
    except ValueError as error:  # of pandas and pyarrow, and of bytes that are not UTF-8
        message = f"no table of the form {path.suffix[1:]} ({str(error).splitlines()[0]})"
        raise DataError(path, None, message) from None
    for column in columns:
        if column not in table:
            there_is = ", ".join(map(str, table.columns))
            raise DataError(path, None, f"there is no column {column!r}; there is {there_is}")
    if table.empty:
        raise DataError(path, None, "the table has no rows")
    return table


def numbers(path: Path, table: pd.DataFrame, column: str) -> pd.Series:
    """A column as floats; NaN where it is empty or says nan, none or null.

    Raises:
        DataError: what stands there is no number.
    """
    import pandas as pd

    found = pd.to_numeric(table[column], errors="coerce").astype(float)
    unread = found.isna() & table[column].notna() & ~table[column].astype(str).str.strip().str.lower().isin(_UNKNOWN)
    if unread.any():
        number = int(unread.to_numpy().argmax())
        line = None if path.suffix == ".parquet" else number + 2  # the head is line 1
        raise DataError(path, line, f"{column} {table[column].iloc[number]!r} should be a number")
    return found
