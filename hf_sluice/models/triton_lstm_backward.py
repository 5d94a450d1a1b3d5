"""The backward pass of all recurrences of a layer as one Triton kernel."""

from __future__ import annotations

from .triton_language import tl, triton
from .triton_lstm_steps import (
    add_product,
    first_numbers,
    follows_word,
    load_gates,
    store_gates,
    tanh,
    time_at,
    weight_rows,
)


@triton.jit
def backward_kernel(
    d_gates: tl.tensor,
    d_states: tl.tensor,
    gates: tl.tensor,
    cells: tl.tensor,
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
) -> None:
    """Program (r, b) goes back through recurrence r = 2n + direction over tile b of the batch.

    ``d_gates`` (I, T, B, P, 4, H) is written: gradients of what came before σ and tanh, 0 at padding. ``d_states``
    (N, T, B, 2, H) are the gradients of the states from outside of the recurrences; ``gates`` and ``cells`` are what
    the forward pass left in them, and the others are those of the forward pass, too.
    """
    recurrence = tl.program_id(0).to(tl.int64)
    is_backward = recurrence % 2 == 1
    row = tl.program_id(1) * BLOCK_B + tl.arange(0, BLOCK_B)
    unit = tl.arange(0, BLOCK_H)
    in_batch = row < batch
    length = tl.load(lengths + row, mask=in_batch, other=0)
    is_unit = (unit < HIDDEN)[None, :]
    gate_width, state_width = READERS * 4 * HIDDEN, 2 * HIDDEN
    first_gate, first_state = first_numbers(recurrence, tl.cast(num_steps, tl.int64) * batch, READERS, HIDDEN)
    gates, d_gates = gates + first_gate, d_gates + first_gate
    cells, d_states = cells + first_state, d_states + first_state
    weights += recurrence * 4 * HIDDEN * HIDDEN
    if RESIDENT:
        held_i, held_f, held_g, held_o = weight_rows(weights, 0, HIDDEN, BLOCK_H, BLOCK_H)
    # Gradients that come from the step after.
    d_state = tl.zeros((BLOCK_B, BLOCK_H), tl.float32)
    d_cell = tl.zeros((BLOCK_B, BLOCK_H), tl.float32)
    for steps_left in range(num_steps):
        step = num_steps - 1 - steps_left
        is_word = (step < length)[:, None] & is_unit
        place = time_at(step, length, is_backward) * batch + row
        before = time_at(step - 1, length, is_backward) * batch + row
        at_gates = place[:, None] * gate_width + unit[None, :]
        at_state = place[:, None] * state_width + unit[None, :]
        at_state_before = before[:, None] * state_width + unit[None, :]
        i, f, g, o = load_gates(gates + at_gates, is_word, HIDDEN)
        squashed = tanh(tl.load(cells + at_state, mask=is_word, other=0.0))
        has_before = follows_word(step, length)[:, None]
        cell_before = tl.load(cells + at_state_before, mask=has_before & is_unit, other=0.0)
        d_state += tl.load(d_states + at_state, mask=is_word, other=0.0).to(tl.float32)
        # At padding all gates are 0 here, and with them all gradients.
        d_cell += d_state * o * (1.0 - squashed * squashed)
        d_i, d_f, d_g = d_cell * g * i * (1.0 - i), d_cell * cell_before * f * (1.0 - f), d_cell * i * (1.0 - g * g)
        d_o = d_state * squashed * o * (1.0 - o)
        d_cell = d_cell * f
        store_gates(d_gates + at_gates, d_i, d_f, d_g, d_o, in_batch[:, None] & is_unit, HIDDEN)
        d_state = tl.zeros((BLOCK_B, BLOCK_H), tl.float32)
        if RESIDENT:
            d_state = add_product(d_i, held_i, d_state, PRECISION)
            d_state = add_product(d_f, held_f, d_state, PRECISION)
            d_state = add_product(d_g, held_g, d_state, PRECISION)
            d_state = add_product(d_o, held_o, d_state, PRECISION)
        else:
            tl.debug_barrier()  # what one thread wrote, others read now
            for first in range(0, HIDDEN, BLOCK_K):
                source = first + tl.arange(0, BLOCK_K)
                at_source = d_gates + place[:, None] * gate_width + source[None, :]
                is_source = (step < length)[:, None] & (source < HIDDEN)[None, :]
                weight_i, weight_f, weight_g, weight_o = weight_rows(weights, first, HIDDEN, BLOCK_K, BLOCK_H)
                d_state = add_product(tl.load(at_source, is_source, 0.0), weight_i, d_state, PRECISION)
                d_state = add_product(tl.load(at_source + HIDDEN, is_source, 0.0), weight_f, d_state, PRECISION)
                d_state = add_product(tl.load(at_source + 2 * HIDDEN, is_source, 0.0), weight_g, d_state, PRECISION)
                d_state = add_product(tl.load(at_source + 3 * HIDDEN, is_source, 0.0), weight_o, d_state, PRECISION)
