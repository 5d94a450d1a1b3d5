"""The files of each split, as options name them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from typing import TypeAlias

    Files: TypeAlias = "Mapping[str, str | Path | Sequence[str | Path]]"

SPLITS = ("train", "validation", "test")


def split_files(files: Files, root: Path | None) -> dict[str, list[Path]]:
    """Resolves file names.

    Args:
        files: per split (``train``, ``validation``, ``test``) one file or several, read in this order; variables of
            the environment (``$HF_SLUICE_DATA/x.conll``) and ``~`` are replaced.
        root: the folder that relative names start from; the working folder if None.

    Raises:
        UserError: no files, another split, or a variable that is not set.
    """
    if not isinstance(files, Mapping) or not files:
        raise UserError(f"files: expected a mapping of splits ({', '.join(SPLITS)}) to files")
    unknown = [split for split in files if split not in SPLITS]
    if unknown:
        raise UserError(f"files: there is no split {unknown[0]!r}; splits are {', '.join(SPLITS)}")
    return {
        split: [_resolve(name, root) for name in ([named] if isinstance(named, str | Path) else named)]
        for split, named in files.items()
    }


def _resolve(name: str | Path, root: Path | None) -> Path:
    expanded = os.path.expandvars(str(name))
    unset = re.search(r"\$\{?\w+\}?", expanded)
    if unset:
        raise UserError(f"files: {unset[0]} in {str(name)!r} is not set in the environment")
    return (root or Path()) / Path(expanded).expanduser()
