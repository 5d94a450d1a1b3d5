"""An environment that has torch and transformers, what these require, and nothing else: not this package either."""

from __future__ import annotations

import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable

# Isolated (no PYTHONPATH, no folder of the user's own) and without the packages of the environment it belongs to.
PYTHON = (sys.executable, "-I", "-S")


def make_bare_environment(folder: Path, wanted: Iterable[str] = ("torch", "transformers")) -> None:
    """Fills a folder with links to the packages of some distributions and of what they require.

    A script that puts the folder on its ``sys.path`` and runs under ``PYTHON`` sees these alone.
    """
    for name in _closure(wanted):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or () if file.parts[0] not in {"..", "__pycache__"}}:
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(top))))


def _closure(wanted: Iterable[str]) -> set[str]:
    known: set[str] = set()
    waiting = [canonicalize_name(name) for name in wanted]
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            required = map(Requirement, distribution(name).requires or ())
            waiting += [canonicalize_name(of.name) for of in required if _is_needed(of)]
    return known


def _is_needed(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})
