"""Masks as bits: eight weights to a byte, the first weight in the highest bit, what is left of the last byte zero."""

from __future__ import annotations

import torch
from torch import Tensor

_PLACES = (7, 6, 5, 4, 3, 2, 1, 0)


def packed_size(num_bits: int) -> int:
    """Bytes for some bits."""
    return -(-num_bits // len(_PLACES))


def pack_bits(bits_MN: Tensor) -> Tensor:
    """Packs M rows of N bits, bool, into M rows of ⌈N/8⌉ bytes, uint8."""
    rows, number = bits_MN.shape
    padded = torch.zeros(rows, packed_size(number) * 8, dtype=torch.uint8, device=bits_MN.device)
    padded[:, :number] = bits_MN
    places = torch.tensor(_PLACES, dtype=torch.uint8, device=bits_MN.device)
    return (padded.view(rows, -1, 8) << places).sum(-1, dtype=torch.uint8)


def unpack_bits(packed: Tensor, num_bits: int) -> Tensor:
    """Gives back what :func:`pack_bits` packed: (M, ⌈N/8⌉) uint8 → (M, N) bool."""
    places = torch.tensor(_PLACES, dtype=torch.uint8, device=packed.device)
    return ((packed[..., None] >> places) & 1).bool().flatten(1)[:, :num_bits]


def has_stray_bits(packed: Tensor, num_bits: int) -> bool:
    """Whether bits are set beyond the last one, which no mask of that size has."""
    return bool(unpack_bits(packed, packed.shape[1] * 8)[:, num_bits:].any())
