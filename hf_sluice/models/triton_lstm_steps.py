"""What the Triton kernels of both passes are made of: functions of a step, and blocks of weights."""

from __future__ import annotations

from .triton_language import tl, triton


@triton.jit
def sigmoid(x: tl.tensor) -> tl.tensor:
    """σ(x)."""
    return 1.0 / (1.0 + tl.exp(-x))


@triton.jit
def tanh(x: tl.tensor) -> tl.tensor:
    """tanh(x), by σ: the language has none that all its back ends know."""
    return 2.0 * sigmoid(2.0 * x) - 1.0


@triton.jit
def time_at(step: tl.tensor, lengths: tl.tensor, is_backward: tl.tensor) -> tl.tensor:
    """Where sentences are at a step of a direction, int64; in the padding, time and step are the same."""
    return tl.where(is_backward & (step < lengths), lengths - 1 - step, step).to(tl.int64)


@triton.jit
def add_product(a: tl.tensor, b: tl.tensor, total: tl.tensor, PRECISION: tl.constexpr) -> tl.tensor:
    """``total + a @ b`` in float32.

    PRECISION is that of products of float32 numbers. ``interpreted`` widens the operands first, which changes no
    product: Triton's interpreter takes the bits of bf16 numbers for whole numbers and multiplies these.
    """
    if PRECISION == "interpreted":
        return tl.dot(a.to(tl.float32), b.to(tl.float32), total, input_precision="ieee")
    return tl.dot(a, b, total, input_precision=PRECISION)


@triton.jit
def weight_rows(
    weights: tl.tensor,
    gate: tl.constexpr,
    first: tl.tensor,
    HIDDEN: tl.constexpr,
    BLOCK_K: tl.constexpr,
    BLOCK_H: tl.constexpr,
) -> tl.tensor:
    """From ``first`` on BLOCK_K rows of a gate's matrix, which lead from the gate's units: (BLOCK_K, BLOCK_H)."""
    row = first + tl.arange(0, BLOCK_K)
    column = tl.arange(0, BLOCK_H)
    is_inside = (row < HIDDEN)[:, None] & (column < HIDDEN)[None, :]
    return tl.load(weights + (gate * HIDDEN + row)[:, None] * HIDDEN + column[None, :], mask=is_inside, other=0.0)


@triton.jit
def weight_columns(
    weights: tl.tensor,
    gate: tl.constexpr,
    first: tl.tensor,
    HIDDEN: tl.constexpr,
    BLOCK_K: tl.constexpr,
    BLOCK_H: tl.constexpr,
) -> tl.tensor:
    """From ``first`` on BLOCK_K columns of a gate's matrix, which lead to the gate's units: (BLOCK_K, BLOCK_H)."""
    column = first + tl.arange(0, BLOCK_K)
    row = tl.arange(0, BLOCK_H)
    is_inside = (column < HIDDEN)[:, None] & (row < HIDDEN)[None, :]
    return tl.load(weights + (gate * HIDDEN + row)[None, :] * HIDDEN + column[:, None], mask=is_inside, other=0.0)
