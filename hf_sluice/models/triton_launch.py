"""How the recurrences of a layer are laid out on a GPU."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_HIDDEN_SIZE = 256
"""H above which a step's numbers no longer fit into the registers of one program."""

_SMALLEST_BLOCK = 16  # rows and columns that tensor cores multiply at once
_LARGEST_BLOCK_K = 32
_BLOCKS = 64 * 1024  # shared memory in bytes that blocks of weights may take, so that the cache has room beside them
_LARGE = 256  # units of which larger tiles leave too few registers
_BESIDE_WEIGHTS = 48 * 1024  # shared memory in bytes, more than a tile of 32 sentences was seen to need


@dataclass(frozen=True, slots=True)
class Launch:
    """Sizes of a launch.

    Args:
        tile: sentences of a program.
        block_h: H, filled up to a power of two.
        block_k: units whose weights are read at once, where they are read in every step.
        resident: whether all weights stay in shared memory.
        warps: of a program.
    """

    tile: int
    block_h: int
    block_k: int
    resident: bool
    warps: int


def plan_launch(
    hidden_size: int, batch: int, recurrences: int, element_size: int, shared_memory: int, processors: int
) -> Launch:
    """A launch that the device has room for.

    Args:
        hidden_size: H, at most :data:`LARGEST_HIDDEN_SIZE`.
        batch: B.
        recurrences: 2N.
        element_size: bytes of a weight.
        shared_memory: bytes that a program may have.
        processors: programs that run at once.
    """
    block_h = max(_SMALLEST_BLOCK, 1 << (hidden_size - 1).bit_length())
    # Small tiles, so that all of the device works; larger ones where there is work enough, for fewer reads of weights.
    fills = recurrences * -(-batch // _SMALLEST_BLOCK) > processors
    tile = 2 * _SMALLEST_BLOCK if fills and block_h < _LARGE else _SMALLEST_BLOCK
    resident = 4 * block_h**2 * element_size + _BESIDE_WEIGHTS <= shared_memory
    warps = 4 if block_h <= 32 else 8 if block_h <= 128 else 16  # noqa: PLR2004
    block_k = max(_SMALLEST_BLOCK, min(_LARGEST_BLOCK_K, block_h, _BLOCKS // (4 * block_h * element_size)))
    return Launch(tile, block_h, block_k, resident, warps)
