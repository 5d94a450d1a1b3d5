"""Which files a model's weights may come from, where anybody may have written them: safetensors, and no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers.utils import SAFE_WEIGHTS_INDEX_NAME, SAFE_WEIGHTS_NAME, cached_file, is_peft_available

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

# Fields of a configuration by which transformers would read other files than these, or load code from the Hub.
_FOREIGN_FIELDS = ("transformers_weights", "quantization_config", "attn_implementation", "experts_implementation")
_ADAPTER = "adapter_config.json"


def check_weight_files(
    name_or_path: str | os.PathLike[str],
    config: Mapping[str, Any],
    source: Mapping[str, Any],
    variant: str | None = None,
) -> None:
    """Sees to it that loading a model reads safetensors of this folder or repository alone.

    Args:
        name_or_path: a folder, or a name on the Hub.
        config: what its ``config.json`` says.
        source: revision, cache and the like, as ``from_pretrained`` takes them.
        variant: likewise.

    Raises:
        ValueError: it would read another file; the message is one line that names it.
    """
    for field in _FOREIGN_FIELDS:
        if config.get(field) is not None:
            raise ValueError(f"{name_or_path}: config.json has {field}, which no tagger has; it is not loaded")
    if is_peft_available() and _find(name_or_path, _ADAPTER, source):
        raise ValueError(f"{name_or_path}: holds an adapter ({_ADAPTER}), which no tagger has; it is not loaded")
    if _find(name_or_path, _of_variant(SAFE_WEIGHTS_NAME, variant), source):
        return
    index = _find(name_or_path, _of_variant(SAFE_WEIGHTS_INDEX_NAME, variant), source)
    if index is None:
        name = _of_variant(SAFE_WEIGHTS_NAME, variant)
        raise ValueError(
            f"{name_or_path}: the file {name} is missing; weights are read from safetensors alone, nothing is unpickled"
        )
    for name in _parts(index):
        if not name.endswith(".safetensors") or Path(name).name != name or "\\" in name:
            raise ValueError(f"{name_or_path}: {index.name} names {name!r}; a safetensors file beside it is expected")


def check_arguments(name_or_path: str | os.PathLike[str], arguments: Mapping[str, Any]) -> None:
    """Sees to it that nobody asks for more than :func:`check_weight_files` allows.

    Args:
        name_or_path: what is to be loaded.
        arguments: of ``from_pretrained``.

    Raises:
        ValueError: somebody does.
    """
    if arguments.get("use_safetensors") is False:
        raise ValueError(f"{name_or_path}: use_safetensors=False: nothing is unpickled; taggers are safetensors alone")
    if (arguments.get("adapter_kwargs") or {}).get("_adapter_model_path"):
        raise ValueError(f"{name_or_path}: is asked for by an adapter ({_ADAPTER}), which no tagger has")


def _find(name_or_path: str | os.PathLike[str], name: str, source: Mapping[str, Any]) -> Path | None:
    file = cached_file(name_or_path, name, **source, _raise_exceptions_for_missing_entries=False)
    return None if file is None else Path(file)


def _of_variant(name: str, variant: str | None) -> str:
    stem, _, ending = name.rpartition(".")
    return name if variant is None else f"{stem}.{variant}.{ending}"


def _parts(index: Path) -> set[str]:
    try:
        named = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise ValueError(f"{index}: damaged; the names of safetensors files are expected") from None
    return set(map(str, named))
