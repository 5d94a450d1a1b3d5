"""Safetensors whose bytes follow from what they hold: the library writes its metadata in an order of chance."""

from __future__ import annotations

import json

_LENGTH = 8


def with_sorted_header(content: bytes) -> bytes:
    """A safetensors file with the names in its header in alphabetical order.

    Args:
        content: as ``safetensors`` serialises it.
    """
    begin = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    header = json.loads(content[_LENGTH:begin])
    text = json.dumps(header, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _LENGTH)  # tensors begin at a multiple of it
    return len(text).to_bytes(_LENGTH, "little") + text + content[begin:]
