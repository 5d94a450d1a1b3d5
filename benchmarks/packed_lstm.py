"""The recurrent core in the usual way: packed sequences through the framework's own LSTM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from hf_sluice.models.time_reversal import TimeReversal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class CoreSizes:
    """Layers without mixing, and a batch for them.

    Args:
        networks: N.
        layers: K.
        hidden: H, per direction.
        width: of the input.
        sentences: B.
        words: T, of the longest sentence.
    """

    networks: int
    layers: int = 3
    hidden: int = 100
    width: int = 264
    sentences: int = 32
    words: int = 30


class OurCore(nn.Module):
    """K layers of N networks as the sluice model runs them, without mixing.

    Args:
        num_networks: N.
        input_size: width of the input, which all networks read.
        hidden_size: H, per direction.
        num_layers: K.
    """

    def __init__(self, num_networks: int, input_size: int, hidden_size: int, num_layers: int) -> None:
        super().__init__()
        widths = [input_size] + [2 * hidden_size] * (num_layers - 1)
        self.layers = nn.ModuleList(ParallelBiLSTM(num_networks, width, hidden_size) for width in widths)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -(hidden_size**-0.5), hidden_size**-0.5)

    def forward(self, x_TBD: Tensor, lengths_B: Tensor) -> Tensor:
        """(N, T, B, 2H); anything at padding."""
        reversal = TimeReversal(lengths_B, x_TBD.shape[0])
        states = [x_TBD]
        for layer in self.layers:
            states = layer(states, reversal)
        return torch.stack(states)


class PackedCore(nn.Module):
    """The same with the same weights: one ``nn.LSTM`` of K layers per network, the input packed once for all of them.

    Args:
        core: whose weights to copy.
    """

    def __init__(self, core: OurCore) -> None:
        super().__init__()
        first = cast("ParallelBiLSTM", core.layers[0])
        self.networks = nn.ModuleList(
            nn.LSTM(first.weight_ih.shape[-1], first.hidden_size, num_layers=len(core.layers), bidirectional=True)
            for _ in range(first.num_networks)
        )
        for number, network in enumerate(self.networks):
            for depth, layer in enumerate(core.layers):
                _copy_weights(cast("ParallelBiLSTM", layer), number, cast("nn.LSTM", network), depth)

    def forward(self, x_TBD: Tensor, lengths_B: Tensor) -> Tensor:
        """(N, T, B, 2H); 0 at padding."""
        packed = pack_padded_sequence(x_TBD, lengths_B, enforce_sorted=False)
        return torch.stack([pad_packed_sequence(network(packed)[0])[0] for network in self.networks])


@torch.no_grad()
def _copy_weights(layer: ParallelBiLSTM, number: int, network: nn.LSTM, depth: int) -> None:
    for direction, suffix in enumerate((f"_l{depth}", f"_l{depth}_reverse")):
        getattr(network, f"weight_ih{suffix}").copy_(layer.weight_ih[number, direction])
        getattr(network, f"weight_hh{suffix}").copy_(layer.weight_hh[number, direction])
        getattr(network, f"bias_ih{suffix}").copy_(layer.bias[number, direction])
        getattr(network, f"bias_hh{suffix}").zero_()


class PackedBiLSTM(ParallelBiLSTM):
    """Stands in for a layer of a sluice model, with its parameters; packs before and pads after each layer.

    In between, α mixes the states of all networks. What ``nn.LSTM`` itself calls is called here, since the parameters
    are the layer's.

    Args:
        layer: the layer whose parameters to take over.
    """

    def __init__(self, layer: ParallelBiLSTM) -> None:
        nn.Module.__init__(self)
        self.num_networks, self.hidden_size = layer.num_networks, layer.hidden_size
        self.weight_ih, self.weight_hh, self.bias = layer.weight_ih, layer.weight_hh, layer.bias

    def forward(
        self,
        inputs: Sequence[Tensor],
        reversal: TimeReversal,
        networks: Sequence[int] | None = None,
        masks: Mapping[str, Tensor] | None = None,  # noqa: ARG002
    ) -> list[Tensor]:
        """As ``ParallelBiLSTM``, which alone has masks; of the reversal, the lengths are all that it needs."""
        chosen = range(self.num_networks) if networks is None else networks
        lengths_B = reversal.lengths_B.cpu()
        packed = [pack_padded_sequence(x, lengths_B, enforce_sorted=False) for x in inputs]
        weights = [p.flatten(0, 1).unbind() for p in (self.weight_ih, self.weight_hh, self.bias)]
        states = []
        for position, network in enumerate(chosen):
            x = packed[position if len(packed) > 1 else 0]
            flat = [
                tensor
                for row in (2 * network, 2 * network + 1)
                for tensor in (*(w[row] for w in weights), torch.zeros_like(weights[2][row]))
            ]
            states.append(self._run(x, flat, inputs[0].shape[0]))
        return states

    def _run(self, x: PackedSequence, weights: list[Tensor], num_steps: int) -> Tensor:
        zero = x.data.new_zeros(2, int(x.batch_sizes[0]), self.hidden_size)
        data, _, _ = torch._VF.lstm(x.data, x.batch_sizes, (zero, zero), weights, True, 1, 0.0, True, True)  # noqa: SLF001
        states = PackedSequence(data, x.batch_sizes, x.sorted_indices, x.unsorted_indices)
        return pad_packed_sequence(states, total_length=num_steps)[0]
