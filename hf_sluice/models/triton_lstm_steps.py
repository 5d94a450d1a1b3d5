"""What the Triton kernels of both passes are made of: functions of a step, and blocks of weights."""

from __future__ import annotations

from .triton_language import tl, triton


@triton.jit
def sigmoid(x: tl.tensor) -> tl.tensor:
    """σ(x)."""
    return 1.0 / (1.0 + tl.exp(-x))


@triton.jit
def tanh(x: tl.tensor) -> tl.tensor:
    """Hyperbolic tangent, by σ: the language has none that all its back ends know."""
    return 2.0 * sigmoid(2.0 * x) - 1.0


@triton.jit
def time_at(step: tl.tensor, lengths: tl.tensor, is_backward: tl.tensor) -> tl.tensor:
    """Where sentences are at a step of a direction, int64; in the padding, time and step are the same."""
    return tl.where(is_backward & (step < lengths), lengths - 1 - step, step).to(tl.int64)


@triton.jit
def follows_word(step: tl.tensor, lengths: tl.tensor) -> tl.tensor:
    """Whether sentences have a word at a step, and one before it."""
    return tl.minimum(step, lengths - step) > 0


@triton.jit
def add_product(a: tl.tensor, b: tl.tensor, total: tl.tensor, PRECISION: tl.constexpr) -> tl.tensor:
    """``total + a @ b`` in float32, the factors being of the type of ``b``.

    PRECISION is that of products of float32 numbers. ``interpreted`` widens the operands first, which changes no
    product: Triton's interpreter takes the bits of bf16 numbers for whole numbers and multiplies these.
    """
    if PRECISION == "interpreted":
        return tl.dot(a.to(b.dtype).to(tl.float32), b.to(tl.float32), total, input_precision="ieee")
    return tl.dot(a.to(b.dtype), b, total, input_precision=PRECISION)


@triton.jit
def first_numbers(
    recurrence: tl.tensor, positions: tl.tensor, READERS: tl.constexpr, HIDDEN: tl.constexpr
) -> tuple[tl.tensor, tl.tensor]:
    """Where a recurrence begins in gates (I, T, B, P, 4, H) and in states (N, T, B, 2, H); ``positions`` are T·B."""
    gates = (recurrence // READERS * positions * READERS + recurrence % READERS) * 4 * HIDDEN
    states = (recurrence // 2 * positions * 2 + recurrence % 2) * HIDDEN
    return gates, states


@triton.jit
def load_gates(
    gates: tl.tensor, is_there: tl.tensor, HIDDEN: tl.constexpr
) -> tuple[tl.tensor, tl.tensor, tl.tensor, tl.tensor]:
    """Four numbers for each unit, 0 where there are none, float32."""
    i = tl.load(gates, mask=is_there, other=0.0).to(tl.float32)
    f = tl.load(gates + HIDDEN, mask=is_there, other=0.0).to(tl.float32)
    g = tl.load(gates + 2 * HIDDEN, mask=is_there, other=0.0).to(tl.float32)
    o = tl.load(gates + 3 * HIDDEN, mask=is_there, other=0.0).to(tl.float32)
    return i, f, g, o


@triton.jit
def store_gates(
    gates: tl.tensor,
    i: tl.tensor,
    f: tl.tensor,
    g: tl.tensor,
    o: tl.tensor,
    is_there: tl.tensor,
    HIDDEN: tl.constexpr,
) -> None:
    """Writes four numbers for each unit."""
    tl.store(gates, i, mask=is_there)
    tl.store(gates + HIDDEN, f, mask=is_there)
    tl.store(gates + 2 * HIDDEN, g, mask=is_there)
    tl.store(gates + 3 * HIDDEN, o, mask=is_there)


@triton.jit
def weight_rows(
    weights: tl.tensor, first: tl.tensor, HIDDEN: tl.constexpr, BLOCK_K: tl.constexpr, BLOCK_H: tl.constexpr
) -> tuple[tl.tensor, tl.tensor, tl.tensor, tl.tensor]:
    """From ``first`` on BLOCK_K rows of each gate's matrix, which lead from the gate's units: (BLOCK_K, BLOCK_H)."""
    row = first + tl.arange(0, BLOCK_K)
    column = tl.arange(0, BLOCK_H)
    is_there = (row < HIDDEN)[:, None] & (column < HIDDEN)[None, :]
    return _load_weights(weights + row[:, None] * HIDDEN + column[None, :], is_there, HIDDEN)


@triton.jit
def weight_columns(
    weights: tl.tensor, first: tl.tensor, HIDDEN: tl.constexpr, BLOCK_K: tl.constexpr, BLOCK_H: tl.constexpr
) -> tuple[tl.tensor, tl.tensor, tl.tensor, tl.tensor]:
    """From ``first`` on BLOCK_K columns of each gate's matrix, which lead to the gate's units: (BLOCK_K, BLOCK_H)."""
    column = first + tl.arange(0, BLOCK_K)
    row = tl.arange(0, BLOCK_H)
    is_there = (column < HIDDEN)[:, None] & (row < HIDDEN)[None, :]
    return _load_weights(weights + row[None, :] * HIDDEN + column[:, None], is_there, HIDDEN)


@triton.jit
def _load_weights(
    weights: tl.tensor, is_there: tl.tensor, HIDDEN: tl.constexpr
) -> tuple[tl.tensor, tl.tensor, tl.tensor, tl.tensor]:
    """The same places of the matrices of i, f, g and o."""
    size: tl.constexpr = HIDDEN * HIDDEN
    i = tl.load(weights, mask=is_there, other=0.0)
    f = tl.load(weights + size, mask=is_there, other=0.0)
    g = tl.load(weights + 2 * size, mask=is_there, other=0.0)
    o = tl.load(weights + 3 * size, mask=is_there, other=0.0)
    return i, f, g, o
