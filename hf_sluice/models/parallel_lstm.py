"""The recurrent core: bidirectional LSTM layers of several networks, side by side.

Shape letters, the same in the whole package: M tasks, N networks, K layers, S subspaces, B sentences, T tokens,
C characters, D input width, H hidden units per direction, L labels.

No packed sequences. Batches are padded on the right; the backward direction reads every sentence reversed in place
(:class:`TimeReversal`), so that neither direction sees padding before the words, and the framework's fused kernels run
at full length. What is computed at padded positions is never read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class _Involution(torch.autograd.Function):
    """Reorders rows by a permutation that is its own inverse: the gradient takes the same way back.

    A plain ``index_select`` would send the gradient through ``index_add``, several times slower on a CPU.
    """

    @staticmethod
    def forward(x: Tensor, index: Tensor) -> Tensor:
        return x.index_select(0, index)

    @staticmethod
    def setup_context(ctx: torch.autograd.function.FunctionCtx, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:  # noqa: ARG004
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, gradient: Tensor) -> tuple[Tensor, None]:
        (index,) = ctx.saved_tensors  # type: ignore[attr-defined]
        return _Involution.apply(gradient, index), None


class TimeReversal:
    """Reverses each sentence of a right-padded batch within its own length; padding stays where it is.

    Args:
        lengths_B: number of tokens of each sentence, int64.
        num_steps: T, the padded length.
    """

    def __init__(self, lengths_B: Tensor, num_steps: int) -> None:
        step_T1 = torch.arange(num_steps, device=lengths_B.device)[:, None]
        mirrored_TB = lengths_B - 1 - step_T1
        source_TB = torch.where(mirrored_TB >= 0, mirrored_TB, step_T1)
        batch = lengths_B.shape[0]
        self._index = (source_TB * batch + torch.arange(batch, device=lengths_B.device)).flatten()  # (T·B,)

    def __call__(self, x_TBD: Tensor) -> Tensor:
        """Reverses (T, B, D) in time; applied twice it is the identity."""
        return _Involution.apply(x_TBD.flatten(0, 1), self._index).view(x_TBD.shape)


class ParallelBiLSTM(nn.Module):
    """One bidirectional LSTM layer of N networks (Hochreiter & Schmidhuber 1997; no peepholes).

    Parameters are stacked: ``weight_ih`` (N, 2, 4H, D), ``weight_hh`` (N, 2, 4H, H), ``bias`` (N, 2, 4H); direction 0
    reads forward, 1 backward; gates stand in the order input, forget, cell, output.

    Args:
        num_networks: N.
        input_size: D.
        hidden_size: H, per direction.
    """

    def __init__(self, num_networks: int, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.num_networks = num_networks
        self.hidden_size = hidden_size
        self.weight_ih = nn.Parameter(torch.empty(num_networks, 2, 4 * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.empty(num_networks, 2, 4 * hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(num_networks, 2, 4 * hidden_size))

    def forward(
        self,
        inputs: Sequence[Tensor],
        reversal: TimeReversal,
        networks: Sequence[int] | None = None,
        masks: Mapping[str, Tensor] | None = None,
    ) -> list[Tensor]:
        """Runs some networks, each on its own input.

        Args:
            inputs: one (T, B, D) per network asked for, or a single one that all of them read.
            reversal: of the batch at hand.
            networks: which networks to run, by default all N.
            masks: by the names of parameters what to multiply them by, 1 where a weight is kept and 0 elsewhere; of
                the parameter's shape (Sun et al. 2020, M_t ⊙ θ).

        Returns:
            (T, B, 2H) for each network asked for, forward units first. They are not stacked: that would copy them all.
        """
        weights = [
            masked(getattr(self, name), masks, name).flatten(0, 1).unbind()
            for name in ("weight_ih", "weight_hh", "bias")
        ]
        reversed_inputs = [reversal(x) for x in inputs]
        states = []
        for position, network in enumerate(range(self.num_networks) if networks is None else networks):
            source = position if len(inputs) > 1 else 0
            forward = _recurrence(inputs[source], *(of_rows[2 * network] for of_rows in weights))
            backward = _recurrence(reversed_inputs[source], *(of_rows[2 * network + 1] for of_rows in weights))
            states.append(torch.cat((forward, reversal(backward)), dim=-1))
        return states


def masked(weight: Tensor, masks: Mapping[str, Tensor] | None, name: str) -> Tensor:
    """A parameter as the mask of its name shows it; as it is where there is none."""
    return weight if masks is None or name not in masks else weight * masks[name]


def _recurrence(x_TBD: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor) -> Tensor:
    """One direction of one network over (T, B, D) from a zero state: (T, B, H)."""
    if x_TBD.device.type != "cpu" or _autocast_has_kernel():
        return _fused_recurrence(x_TBD, weight_ih, weight_hh, bias)
    with torch.autocast("cpu", enabled=False):
        return _fused_recurrence(x_TBD.to(weight_ih.dtype), weight_ih, weight_hh, bias)


def _autocast_has_kernel() -> bool:
    """False where autocast would ask for a recurrence that the CPU has no kernel for, which raises.

    So it is on x86 without AVX-512, and everywhere in float16; ``nn.LSTM`` raises there, too.
    """
    if not (torch.is_autocast_enabled("cpu") and torch.backends.mkldnn.is_available()):
        return True
    return torch.get_autocast_dtype("cpu") == torch.bfloat16 and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001


def _fused_recurrence(x_TBD: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor) -> Tensor:
    zero_1BH = x_TBD.new_zeros(1, x_TBD.shape[1], weight_hh.shape[1])
    weights = [weight_ih, weight_hh, bias, torch.zeros_like(bias)]
    training = torch.is_grad_enabled()
    output, _, _ = torch._VF.lstm(x_TBD, (zero_1BH, zero_1BH), weights, True, 1, 0.0, training, False, False)  # noqa: SLF001
    return output
