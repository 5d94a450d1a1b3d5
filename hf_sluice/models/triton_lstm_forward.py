"""The forward pass of all recurrences of a layer as one Triton kernel."""

from __future__ import annotations

from .triton_language import tl, triton
from .triton_lstm_steps import (
    add_product,
    first_numbers,
    follows_word,
    load_gates,
    sigmoid,
    store_gates,
    tanh,
    time_at,
    weight_columns,
)


@triton.jit
def forward_kernel(
    gates: tl.tensor,
    cells: tl.tensor,
    states: tl.tensor,
    weights: tl.tensor,
    lengths: tl.tensor,
    num_steps: int,
    batch: int,
    READERS: tl.constexpr,
    HIDDEN: tl.constexpr,
    BLOCK_B: tl.constexpr,
    BLOCK_H: tl.constexpr,
    BLOCK_K: tl.constexpr,
    RESIDENT: tl.constexpr,
    PRECISION: tl.constexpr,
    KEEP: tl.constexpr,
) -> None:
    """Program (r, b) runs recurrence r = 2n + direction over tile b of the batch.

    Args:
        gates: (I, T, B, P, 4, H) contiguous, as all that follows; what the input gives, replaced by i, f, g, o.
        cells: (N, T, B, 2, H), float32; c, written at words.
        states: (N, T, B, 2, H); written, 0 at padding.
        weights: (N, 2, 4, H, H), of the type of ``states``.
        lengths: words of each sentence (B,).
        num_steps: T.
        batch: B.
        READERS: P, recurrences that read one input: I·P = 2N.
        HIDDEN: H.
        BLOCK_B: sentences of a tile.
        BLOCK_H: H or more, a power of two of at least 16.
        BLOCK_K: units whose weights are read at once where they are not held.
        RESIDENT: whether the weights are held for the whole launch.
        PRECISION: of products, see ``add_product``.
        KEEP: whether to write i, f, g, o and c, which a backward pass will need.
    """
    recurrence = tl.program_id(0).to(tl.int64)
    is_backward = recurrence % 2 == 1
    row = tl.program_id(1) * BLOCK_B + tl.arange(0, BLOCK_B)
    unit = tl.arange(0, BLOCK_H)
    in_batch = row < batch
    length = tl.load(lengths + row, mask=in_batch, other=0)
    is_unit = (unit < HIDDEN)[None, :]
    # How far it is from one (time, sentence) to the next.
    gate_width, state_width = READERS * 4 * HIDDEN, 2 * HIDDEN
    first_gate, first_state = first_numbers(recurrence, tl.cast(num_steps, tl.int64) * batch, READERS, HIDDEN)
    gates += first_gate
    cells += first_state
    states += first_state
    weights += recurrence * 4 * HIDDEN * HIDDEN
    if RESIDENT:
        held_i, held_f, held_g, held_o = weight_columns(weights, 0, HIDDEN, BLOCK_H, BLOCK_H)
    cell = tl.zeros((BLOCK_B, BLOCK_H), tl.float32)
    state = tl.zeros((BLOCK_B, BLOCK_H), states.dtype.element_ty)
    before = tl.zeros((BLOCK_B,), tl.int64)
    for step in range(num_steps):
        is_word = (step < length)[:, None] & is_unit
        place = time_at(step, length, is_backward) * batch + row
        at_gates = gates + place[:, None] * gate_width + unit[None, :]
        i, f, g, o = load_gates(at_gates, is_word, HIDDEN)
        if RESIDENT:
            i = add_product(state, held_i, i, PRECISION)
            f = add_product(state, held_f, f, PRECISION)
            g = add_product(state, held_g, g, PRECISION)
            o = add_product(state, held_o, o, PRECISION)
        else:
            # A block of units at a time: those of the step before, as they were written.
            has_state = follows_word(step, length)[:, None]
            for first in range(0, HIDDEN, BLOCK_K):
                source = first + tl.arange(0, BLOCK_K)
                at_source = states + before[:, None] * state_width + source[None, :]
                part = tl.load(at_source, mask=has_state & (source < HIDDEN)[None, :], other=0.0)
                weight_i, weight_f, weight_g, weight_o = weight_columns(weights, first, HIDDEN, BLOCK_K, BLOCK_H)
                i = add_product(part, weight_i, i, PRECISION)
                f = add_product(part, weight_f, f, PRECISION)
                g = add_product(part, weight_g, g, PRECISION)
                o = add_product(part, weight_o, o, PRECISION)
        i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
        cell = f * cell + i * g
        state = tl.where(is_word, o * tanh(cell), 0.0).to(states.dtype.element_ty)
        at_state = place[:, None] * state_width + unit[None, :]
        if KEEP:
            store_gates(at_gates, i, f, g, o, is_word, HIDDEN)
            tl.store(cells + at_state, cell, mask=is_word)
        tl.store(states + at_state, state, mask=in_batch[:, None] & is_unit)
        before = place
        if not RESIDENT:
            tl.debug_barrier()  # what one thread wrote, others read in the next step
