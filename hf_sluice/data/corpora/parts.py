"""What a combined corpus may say of the corpora it is made of, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError

from hf_sluice.complaints import first_complaint
from hf_sluice.errors import UserError

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class Part(BaseModel):
    """A corpus of which only some tasks, and possibly some sentences, are taken.

    Args:
        corpus: a name that ``load_corpus`` knows.
        tasks: its tasks; for a mere file format each described, else names, and by default all.
        root: the folder that holds the corpus; by default that of the combined corpus.
        domains: of its domains only these, in every split; by default all.
        max_sentences: per split at most so many sentences, drawn at random; a larger number keeps what a smaller one
            does.
        options: what else the corpus takes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus: str
    tasks: list[str | dict[str, Any]] | None = Field(default=None, min_length=1)
    root: str | None = None
    domains: list[str] | None = Field(default=None, min_length=1)
    max_sentences: dict[Literal["train", "validation", "test"], PositiveInt] = Field(default_factory=dict)
    options: dict[str, Any] = Field(default_factory=dict)

    @property
    def sizes(self) -> dict[str, int]:
        """The largest number of sentences per split, where there is one."""
        return {str(split): size for split, size in self.max_sentences.items()}


def read_parts(parts: Any) -> dict[str, Part]:
    """Understands the option ``parts``: names (by default of corpora) with the fields of each part, or none.

    Raises:
        UserError: no mapping, or a part with a field that is unknown or of the wrong kind or range.
    """
    if not isinstance(parts, Mapping) or not parts:
        raise UserError(f"parts: expected a mapping of names to corpora, not {parts!r}")
    return {name: _read_part(name, fields) for name, fields in parts.items()}


def _read_part(name: Any, fields: Any) -> Part:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise UserError(f"parts: {name!r} is no name; it should be made of letters, digits, '_' and '-'")
    if not isinstance(fields, Mapping | None):
        raise UserError(f"parts.{name} should be a mapping of fields, not {fields!r}")
    try:
        return Part.model_validate({"corpus": name, **(fields or {})})
    except ValidationError as error:
        complaint = first_complaint(error, {"": list(Part.model_fields)}, "a part")
        raise UserError(f"parts.{name}: {complaint}") from None
