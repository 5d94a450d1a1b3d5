"""Where a sharing architecture comes from, so far as it is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIBRARIES = ("torch", "transformers")
_PACKAGE = "hf_sluice"


@dataclass(frozen=True)
class ArchitectureOrigin:
    """Where a sharing architecture comes from; None for what is not known, and never a folder of some machine.

    Args:
        model: its name on the Hub, where it was fetched from there.
        revision: the commit of that repository.
        commit: of the checkout of this package that the model was trained with, ``+`` behind it where files differed.
        versions: of this package and the libraries, by name, that wrote it.
    """

    model: str | None = None
    revision: str | None = None
    commit: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls, commit: str | None = None) -> Self:
        """A model of this process."""
        # As code that came with a model, this is not the package that may be installed beside it.
        names = (_PACKAGE, *_LIBRARIES) if __name__.startswith(f"{_PACKAGE}.") else _LIBRARIES
        found = {name: _version(name) for name in names}
        return cls(commit=commit, versions={name: known for name, known in found.items() if known is not None})


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
