"""What reads the characters of word forms: a BiLSTM or a convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .parallel_lstm import ParallelBiLSTM, masked
from .time_reversal import TimeReversal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .configuration_tagger import TaggerConfig

# Words of similar length are encoded together, so that one long word does not pad all others. On other devices than
# the CPU one padded batch is cheaper than waiting for the lengths.
_LENGTH_STEPS = (4, 6, 8, 11, 16, 32)


class CharacterLstm(nn.Module):
    """Encodes word forms by their characters: final states of both directions of a BiLSTM (Ruder et al. 2019).

    Args:
        vocab_size: characters, 0 being padding.
        embedding_size: width of a character's embedding.
        hidden_size: units per direction.
        backend: what computes the BiLSTM, see ``choose_backend``.
    """

    def __init__(self, vocab_size: int, embedding_size: int, hidden_size: int, backend: str = "auto") -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=0)
        self.lstm = ParallelBiLSTM(1, embedding_size, hidden_size, backend)
        self.output_size = 2 * hidden_size

    def forward(self, char_ids_UC: Tensor, masks: Sequence[Mapping[str, Tensor]] = ({},)) -> Tensor:
        """Encodes U word forms, right-padded with 0: (U, C) → (U, N, 2·hidden).

        Args:
            char_ids_UC: character ids.
            masks: of each of N networks, by their names, for the parameters that it does not keep whole.
        """
        of_lstm = [{name.removeprefix("lstm."): mask for name, mask in of_network.items()} for of_network in masks]
        return _in_groups(char_ids_UC, lambda char_ids, lengths: self._encode(char_ids, lengths, of_lstm))

    def _encode(self, char_ids_UC: Tensor, lengths_U: Tensor, masks: Sequence[Mapping[str, Tensor]]) -> Tensor:
        embedded_CUD = self.embedding(char_ids_UC.t())
        reversal = TimeReversal(lengths_U, len(embedded_CUD))
        last, form_U = lengths_U - 1, torch.arange(len(lengths_U), device=lengths_U.device)
        half = self.lstm.hidden_size
        encoded = []
        for of_network in masks:
            (h_CUH,) = self.lstm([embedded_CUD], reversal, masks=of_network)
            encoded.append(torch.cat((h_CUH[last, form_U, :half], h_CUH[0, :, half:]), dim=-1))
        return torch.stack(encoded, dim=1)


class CharacterConvolution(nn.Module):
    """Encodes word forms by the largest value over time of each filter (Ma & Hovy 2016; Sun et al. 2020, "Base Model").

    ``weight`` (F, E, W) and ``bias`` (F,): F filters over W neighbouring characters of embedding width E.

    Args:
        vocab_size: characters, 0 being padding.
        embedding_size: E.
        filters: F.
        filter_width: W, odd.
    """

    def __init__(self, vocab_size: int, embedding_size: int, filters: int, filter_width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=0)
        self.weight = nn.Parameter(torch.empty(filters, embedding_size, filter_width))
        self.bias = nn.Parameter(torch.empty(filters))
        self.output_size = filters

    def forward(self, char_ids_UC: Tensor, masks: Sequence[Mapping[str, Tensor]] = ({},)) -> Tensor:
        """Encodes U word forms, right-padded with 0: (U, C) → (U, N, F).

        Args:
            char_ids_UC: character ids.
            masks: of each of N networks, by its name, for ``weight`` where it is not kept whole.
        """
        # The filters of all networks in one call.
        weight = torch.cat([masked(self.weight, of_network, "weight") for of_network in masks])
        largest_UF = _in_groups(char_ids_UC, lambda char_ids, lengths: self._largest(char_ids, lengths, weight))
        return largest_UF.unflatten(-1, (len(masks), -1)) + self.bias

    def _largest(self, char_ids_UC: Tensor, lengths_U: Tensor, weight: Tensor) -> Tensor:
        embedded_UEC = self.embedding(char_ids_UC).transpose(1, 2)
        # Padding embeds to zero, as what lies outside of the word does.
        values_UFC = functional.conv1d(embedded_UEC, weight, padding=weight.shape[-1] // 2)
        beyond_UC = torch.arange(char_ids_UC.shape[1], device=char_ids_UC.device) >= lengths_U[:, None]
        return values_UFC.masked_fill(beyond_UC[:, None], -torch.inf).amax(-1)


def make_character_encoder(config: TaggerConfig) -> CharacterLstm | CharacterConvolution | None:
    """The encoder that a configuration asks for."""
    if config.char_encoder == "none":
        return None
    if config.char_encoder == "cnn":
        return CharacterConvolution(
            config.char_vocab_size, config.char_embedding_size, config.char_filters, config.char_filter_width
        )
    return CharacterLstm(
        config.char_vocab_size, config.char_embedding_size, config.char_hidden_size, config.recurrent_backend
    )


def _in_groups(char_ids_UC: Tensor, encode: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Encodes word forms of similar length together.

    Args:
        char_ids_UC: character ids, right-padded with 0.
        encode: makes (u, …) of the characters (u, c) of some forms and of their lengths (u,), at least 1.
    """
    lengths_U = (char_ids_UC != 0).sum(1).clamp(min=1)
    if char_ids_UC.device.type != "cpu":
        return encode(char_ids_UC, lengths_U)
    order_U, bounds = _by_length(lengths_U)
    groups = []
    for form_u in order_U.split(bounds):
        lengths_u = lengths_U[form_u]
        groups.append(encode(char_ids_UC[form_u, : int(lengths_u.max())], lengths_u))
    encoded = torch.cat(groups)
    # Back in order as a look-up: its gradient is quicker than that of an index.
    return functional.embedding(order_U.argsort(), encoded.flatten(1)).view(encoded.shape)


def _by_length(lengths_U: Tensor) -> tuple[Tensor, list[int]]:
    """The order of word forms by length group, and the size of each group that is not empty."""
    group_U = torch.bucketize(lengths_U, torch.tensor(_LENGTH_STEPS))
    sizes = torch.bincount(group_U).tolist()
    return group_U.argsort(stable=True), [size for size in sizes if size]
