"""JSON laid out so that a person can read it: matrices row by row, in columns."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


def readable_json(value: Any, depth: int = 0) -> str:
    """A value as JSON: an entry of an object and the row of a matrix to a line; other lists on one line.

    Args:
        value: plain values, and arrays of float32, which come back bit for bit when they are read as float32.
        depth: of its indentation.
    """
    indent = " " * (depth + 1)
    if isinstance(value, dict) and value:
        return _block("{}", [f"{indent}{_text(k)}: {readable_json(v, depth + 1)}" for k, v in value.items()], depth)
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return _block("[]", [f"{indent}{readable_json(one, depth + 1)}" for one in value], depth)
    if isinstance(value, np.ndarray):
        return _array(value, depth)
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _block(brackets: str, lines: list[str], depth: int) -> str:
    return "\n".join([brackets[0], ",\n".join(lines), " " * depth + brackets[1]])


def _array(values: np.ndarray, depth: int) -> str:
    indent = " " * (depth + 1)
    if values.ndim > 2:  # noqa: PLR2004 - matrices are what is laid out in columns
        return _block("[]", [f"{indent}{_array(one, depth + 1)}" for one in values], depth)
    rows = [[_number(value) for value in row] for row in np.atleast_2d(values)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    texts = [_row(row, widths) for row in rows]
    return texts[0] if values.ndim == 1 else _block("[]", [indent + text for text in texts], depth)


def _row(numbers: list[str], widths: list[int]) -> str:
    cells = [f"{number},".ljust(width + 1) for number, width in zip(numbers, widths, strict=True)]
    return f"[{' '.join(cells).rstrip().rstrip(',')}]"


def _number(value: np.float32) -> str:
    """The shortest text that comes back as the same float32, also by way of a float64; a blank for the sign."""
    short = str(value)
    text = short if np.float32(float(short)) == value else repr(float(value))
    return text if text.startswith("-") else f" {text}"
