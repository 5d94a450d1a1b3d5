"""A look at the masks of a model's file before it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safetensors import safe_open
from transformers.utils import SAFE_WEIGHTS_NAME, cached_file

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_MODULE = "task_masks."
_PACKED = "U8"


def check_saved_masks(name_or_path: str | os.PathLike[str], source: Mapping[str, Any]) -> None:
    """Sees to it that a saved model's masks are packed bits.

    Tensors of another type that have the right shape would be converted without a word, numbers between 0 and 255 cut
    off. A model without a file of its own name, in several files or none, is not looked at.

    Args:
        name_or_path: a folder, or a name on the Hub.
        source: revision, cache and the like, as ``from_pretrained`` takes them.

    Raises:
        ValueError: a mask is of another type.
        SafetensorError: the file is damaged.
    """
    file = cached_file(name_or_path, SAFE_WEIGHTS_NAME, **source, _raise_exceptions_for_missing_entries=False)
    if file is None:
        return
    with safe_open(file, framework="pt") as tensors:
        for name in tensors.keys():  # noqa: SIM118 - it is no mapping
            kind = tensors.get_slice(name).get_dtype()
            if _MODULE in name and kind != _PACKED:
                raise ValueError(f"{file}: {name}: masks should be packed bits ({_PACKED}), not {kind}")
