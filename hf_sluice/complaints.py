"""What pydantic found wrong with a file, as one line for its author."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import ValidationError

_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_WHAT_IS_WRONG = {"missing": "is missing", "too_short": "should not be empty"}
_WHAT_IS_EXPECTED = dict.fromkeys(("model_type", "dataclass_type", "dict_type"), "should be a mapping of fields")
# Fields of two forms: after the field's own name, pydantic names the form that it tried.
_TWO_FORMS = re.compile(r"(tasks\.\d+|masks\.search_tasks\.\d+|training\.early_stopping\.metric)\..+")


def first_complaint(error: ValidationError, sections: Mapping[str, Sequence[str]], kind: str = "a recipe") -> str:
    """The first thing that is wrong, the field named.

    Args:
        error: what validation raised.
        sections: per section (``training.early_stopping``; the file itself is ``""``) the fields that it knows; where
            authors name the sections themselves, ``*`` stands for the name (``data.derived_tasks.*``).
        kind: what the file holds.
    """
    # An unknown field explains the missing one that it was meant for.
    first = min(error.errors(), key=lambda complaint: complaint["type"] not in _UNKNOWN)
    location = [str(part) for part in first["loc"] if part != "[key]"]  # pydantic's mark of a name that is wrong
    field, wrong, message = ".".join(location), first["type"], first["msg"].removeprefix("Value error, ")
    if not location:
        return message
    if wrong in _UNKNOWN:
        *section, name = location
        return f"{field} is no field of {kind}; {suggestion(name, _fields(section, sections))}"
    if wrong in _WHAT_IS_WRONG:
        return f"{field} {_WHAT_IS_WRONG[wrong]}"
    if form := _TWO_FORMS.fullmatch(field):
        return f"{form[1]} should be the name of a task, or a mapping of {_mapped(form[1])}, not {first['input']!r}"
    expected = f" {_WHAT_IS_EXPECTED[wrong]}" if wrong in _WHAT_IS_EXPECTED else f": {message}"
    return f"{field}{expected}" + ("" if wrong == "value_error" else f", not {first['input']!r}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """What somebody may have meant who wrote a name that is not known."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"


def _fields(section: Sequence[str], sections: Mapping[str, Sequence[str]]) -> Sequence[str]:
    named = ".".join(section)
    return sections.get(named) or sections.get(".".join([*section[:-1], "*"]), ())


def _mapped(field: str) -> str:
    return "tasks to weights" if field.endswith("metric") else "its fields"
