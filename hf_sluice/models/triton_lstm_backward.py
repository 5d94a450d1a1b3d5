"""The backward pass of all recurrences of a layer as one Triton kernel."""

from __future__ import annotations

from .triton_language import tl, triton
from .triton_lstm_steps import add_product, tanh, time_at, weight_rows


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

    Args:
        d_gates: (I, T, B, P, 4, H); written: gradients of what came before σ and tanh, 0 at padding.
        d_states: (N, T, B, 2, H), gradients of the states from outside of the recurrences.
        gates: as the forward pass left them: i, f, g, o.
        cells: likewise.

    The others are those of the forward pass.
    """
    recurrence = tl.program_id(0).to(tl.int64)
    is_backward = recurrence % 2 == 1
    row = tl.program_id(1) * BLOCK_B + tl.arange(0, BLOCK_B)
    unit = tl.arange(0, BLOCK_H)
    in_batch = row < batch
    length = tl.load(lengths + row, mask=in_batch, other=0)
    is_unit = (unit < HIDDEN)[None, :]
    gate_width, state_width = READERS * 4 * HIDDEN, 2 * HIDDEN
    positions = num_steps.to(tl.int64) * batch
    first_gate = (recurrence // READERS) * positions * gate_width + (recurrence % READERS) * 4 * HIDDEN
    gates += first_gate
    d_gates += first_gate
    first_state = (recurrence // 2) * positions * state_width + (recurrence % 2) * HIDDEN
    cells += first_state
    d_states += first_state
    weights += recurrence * 4 * HIDDEN * HIDDEN
    number = d_gates.dtype.element_ty
    if RESIDENT:
        weight_i = weight_rows(weights, 0, 0, HIDDEN, BLOCK_H, BLOCK_H)
        weight_f = weight_rows(weights, 1, 0, HIDDEN, BLOCK_H, BLOCK_H)
        weight_g = weight_rows(weights, 2, 0, HIDDEN, BLOCK_H, BLOCK_H)
        weight_o = weight_rows(weights, 3, 0, HIDDEN, BLOCK_H, BLOCK_H)
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
        i = tl.load(gates + at_gates, mask=is_word, other=0.0).to(tl.float32)
        f = tl.load(gates + at_gates + HIDDEN, mask=is_word, other=0.0).to(tl.float32)
        g = tl.load(gates + at_gates + 2 * HIDDEN, mask=is_word, other=0.0).to(tl.float32)
        o = tl.load(gates + at_gates + 3 * HIDDEN, mask=is_word, other=0.0).to(tl.float32)
        squashed = tanh(tl.load(cells + at_state, mask=is_word, other=0.0))
        at_cell_before = cells + before[:, None] * state_width + unit[None, :]
        cell_before = tl.load(at_cell_before, mask=is_word & (step > 0), other=0.0)
        d_state += tl.load(d_states + at_state, mask=is_word, other=0.0).to(tl.float32)
        # At padding all gates are 0 here, and with them all gradients.
        d_cell += d_state * o * (1.0 - squashed * squashed)
        d_i = (d_cell * g * i * (1.0 - i)).to(number)
        d_f = (d_cell * cell_before * f * (1.0 - f)).to(number)
        d_g = (d_cell * i * (1.0 - g * g)).to(number)
        d_o = (d_state * squashed * o * (1.0 - o)).to(number)
        d_cell = d_cell * f
        to_write = in_batch[:, None] & is_unit
        tl.store(d_gates + at_gates, d_i, mask=to_write)
        tl.store(d_gates + at_gates + HIDDEN, d_f, mask=to_write)
        tl.store(d_gates + at_gates + 2 * HIDDEN, d_g, mask=to_write)
        tl.store(d_gates + at_gates + 3 * HIDDEN, d_o, mask=to_write)
        d_state = tl.zeros((BLOCK_B, BLOCK_H), tl.float32)
        if RESIDENT:
            d_state = add_product(d_i, weight_i, d_state, PRECISION)
            d_state = add_product(d_f, weight_f, d_state, PRECISION)
            d_state = add_product(d_g, weight_g, d_state, PRECISION)
            d_state = add_product(d_o, weight_o, d_state, PRECISION)
        else:
            tl.debug_barrier()  # what one thread wrote, others read now
            for first in range(0, HIDDEN, BLOCK_K):
                source = first + tl.arange(0, BLOCK_K)
                at_source = d_gates + place[:, None] * gate_width + source[None, :]
                is_source = (step < length)[:, None] & (source < HIDDEN)[None, :]
                for gate in tl.static_range(4):
                    part = tl.load(at_source + gate * HIDDEN, mask=is_source, other=0.0)
                    weight = weight_rows(weights, gate, first, HIDDEN, BLOCK_K, BLOCK_H)
                    d_state = add_product(part, weight, d_state, PRECISION)
