"""The recurrent core: bidirectional LSTM layers of several networks, side by side.

Shape letters, the same in the whole package: M tasks, N networks, K layers, S subspaces, B sentences, T tokens,
C characters, D input width, H hidden units per direction, L labels.

No packed sequences. Batches are padded on the right; the backward direction begins at each sentence's last word, so
that neither direction sees padding before the words. What stands at padded positions is never read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .lstm_precision import computing_dtype
from .lstm_weights import LstmWeights
from .recurrent_backends import backend_function, choose_backend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .time_reversal import TimeReversal


class ParallelBiLSTM(nn.Module):
    """One bidirectional LSTM layer of N networks (Hochreiter & Schmidhuber 1997; no peepholes).

    Parameters are stacked: ``weight_ih`` (N, 2, 4H, D), ``weight_hh`` (N, 2, 4H, H), ``bias`` (N, 2, 4H); direction 0
    reads forward, 1 backward; gates stand in the order input, forget, cell, output.

    Args:
        num_networks: N.
        input_size: D.
        hidden_size: H, per direction.
        backend: what computes it, see ``choose_backend``.
    """

    def __init__(self, num_networks: int, input_size: int, hidden_size: int, backend: str = "auto") -> None:
        super().__init__()
        self.backend = backend
        self.used_backend: str | None = None  # in the latest call
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
        weights = LstmWeights(
            *(masked(getattr(self, name), masks, name) for name in ("weight_ih", "weight_hh", "bias"))
        )
        device = inputs[0].device
        name = choose_backend(self.backend, device, computing_dtype(device, weights), self.hidden_size)
        self.used_backend = name
        chosen = range(self.num_networks) if networks is None else networks
        return backend_function(name)(inputs, reversal, weights, chosen)


def masked(weight: Tensor, masks: Mapping[str, Tensor] | None, name: str) -> Tensor:
    """A parameter as the mask of its name shows it; as it is where there is none."""
    return weight if masks is None or name not in masks else weight * masks[name]
