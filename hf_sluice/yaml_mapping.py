"""YAML files whose content is one mapping: recipes and experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from hf_sluice.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_mapping(path: Path, kind: str, fields: Sequence[str]) -> dict[str, Any]:
    """Reads such a file.

    Args:
        path: the file.
        kind: what it holds, for messages: ``recipe``, ``experiment``.
        fields: some that it may have, likewise.

    Raises:
        RecipeError: no such file, no YAML in UTF-8, or something else than a mapping.
    """
    article = "an" if kind[0] in "aeiou" else "a"
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(f"{path}: the {kind} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise RecipeError(f"{path}: {article} {kind} should be a YAML file in UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise RecipeError(f"{place}: not YAML ({getattr(error, 'problem', None) or 'unreadable'})") from None
    except ValueError as error:  # a date that the calendar does not have
        raise RecipeError(f"{path}: not YAML ({error})") from None
    if not isinstance(values, dict):
        named = f"{', '.join(fields[:-1])} and {fields[-1]}"
        raise RecipeError(f"{path}: {article} {kind} should be a mapping with fields such as {named}")
    return values
