"""JSON that comes from elsewhere, read with nothing taken for granted: sizes, nesting, names, kinds of values.

Every error is a ValueError of one line that says which field is wrong; the caller says in which file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_KINDS = {str: "text", int: "a whole number", float: "a number", list: "a list", dict: "an object"}
_LONGEST_SHOWN = 60


def read_strict_json(path: Path, largest: int) -> dict[str, Any]:
    """The object that a file holds.

    Args:
        path: the file.
        largest: bytes; a larger file is not read.

    Raises:
        ValueError: it is missing, too large or no JSON object, a name stands twice in it, it holds a number that is
            none (NaN, Infinity), or it is nested too deeply.
    """
    try:
        size = path.stat().st_size
        if size > largest:
            raise ValueError(f"has {size:,} bytes; at most {largest:,} are read")
        values = json.loads(path.read_bytes(), object_pairs_hook=_without_doubles, parse_constant=_no_number)
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON ({error})") from None
    except UnicodeDecodeError:
        raise ValueError("is no JSON (not UTF-8)") from None
    if not isinstance(values, dict):
        raise ValueError(f"should hold an object, not {shown(values)}")
    return values


def check_fields(values: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises ValueError where a field is missing, or one is there that is not known."""
    known = list(known)
    for name in known:
        if name not in values:
            raise ValueError(f"the field {name} is missing")
    for name in values:
        if name not in known:
            raise ValueError(f"{shown(name)} is no field of it; known are {', '.join(known)}")


def check_kind(place: str, value: Any, kind: type) -> Any:
    """Gives back a value of a kind (whole numbers are numbers, true is none); raises ValueError otherwise."""
    kinds = (int, float) if kind is float else kind
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise ValueError(f"{place} should be {_KINDS[kind]}, not {shown(value)}")
    return value


def check_count(place: str, value: Any, least: int = 1) -> int:
    """Gives back a whole number of at least ``least``; raises ValueError otherwise."""
    if check_kind(place, value, int) < least:
        raise ValueError(f"{place} should be at least {least}, not {shown(value)}")
    return int(value)


def check_text(place: str, value: Any, longest: int) -> str:
    """Gives back a text that is not empty, not too long and can be written as UTF-8; raises ValueError otherwise."""
    check_kind(place, value, str)
    if not 0 < len(value) <= longest or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(f"{place} should be text of 1 to {longest} characters, not {shown(value)}")
    return str(value)


def check_choice(place: str, value: Any, choices: Sequence[str]) -> str:
    """Gives back one of some texts; raises ValueError otherwise."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{place} {shown(value)} is none of {', '.join(choices)}")
    return value


def check_array(place: str, values: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Nested lists of numbers as float32.

    Raises:
        ValueError: they are of another shape, or hold anything but numbers that float32 can hold.
    """
    _check_nesting(place, values, shape)
    try:
        with np.errstate(over="ignore"):
            array = np.array(values, dtype=np.float64).astype(np.float32).reshape(shape)
    except OverflowError:  # a whole number beyond all floats
        array = np.array(np.inf)
    if not np.isfinite(array).all():
        raise ValueError(f"{place} holds a number that is not finite in float32")
    return array


def shown(value: Any) -> str:
    """A value as it can stand in a message: on one line, and short."""
    text = ascii(value)  # no control characters, whatever a terminal would make of them
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _check_nesting(place: str, values: Any, shape: tuple[int, ...]) -> None:
    if not shape:
        check_kind(f"an entry of {place}", values, float)
        return
    if not isinstance(values, list) or len(values) != shape[0]:
        found = f"{len(values)}" if isinstance(values, list) else shown(values)
        raise ValueError(f"{place} should be a list of {shape[0]}, not {found}")
    for value in values:
        _check_nesting(place, value, shape[1:])


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return values


def _no_number(text: str) -> Any:
    raise ValueError(f"holds {text}, which is no number")
