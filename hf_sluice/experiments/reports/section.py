"""What the settings of all forms of report have in common: no unknown fields, and checks against the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Axes: TypeAlias = Mapping[str, Mapping[str, Any]]


class Section(BaseModel):
    """Settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def check_axes(axes: Axes, read: Sequence[str]) -> None:
    """Sees to it that there are the axes that a form reads, and no others; raises ValueError."""
    for name in read:
        if name not in axes:
            raise ValueError(f"report: there is no axis {name!r}; the axes are {', '.join(axes) or 'none'}")
    for name in axes:
        if name not in read:  # its values would be mixed up
            raise ValueError(f"report: this form does not show axis {name!r}, only {', '.join(read)}")


def check_known(field: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Sees to it that the names in a field are known; raises ValueError."""
    known = list(known)
    for name in names:
        if name not in known:
            raise ValueError(f"report.{field}: {name!r} is not one of {', '.join(known)}")
