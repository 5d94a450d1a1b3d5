"""What reads the characters of word forms: a BiLSTM or a convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .parallel_lstm import ParallelBiLSTM, TimeReversal, masked_stack

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """

    def __init__(self, vocab_size: int, embedding_size: int, hidden_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=0)
        self.lstm = ParallelBiLSTM(1, embedding_size, hidden_size)
        self.output_size = 2 * hidden_size

    def forward(self, char_ids_UC: Tensor, masks: Mapping[str, Tensor] | None = None) -> Tensor:
        """Encodes U word forms, right-padded with 0: (U, C) → (N, U, 2·hidden).

        Args:
            char_ids_UC: character ids.
            masks: N masks (N, …) for some parameters of ``lstm``, by their names; by default N = 1.
        """
        lengths_U = (char_ids_UC != 0).sum(1).clamp(min=1)
        if char_ids_UC.device.type != "cpu":
            return self._encode(char_ids_UC, lengths_U, masks)
        order_U, bounds = _by_length(lengths_U)
        encoded = []
        for rows in order_U.split(bounds):
            group_lengths = lengths_U[rows]
            encoded.append(self._encode(char_ids_UC[rows, : int(group_lengths.max())], group_lengths, masks))
        return _reordered(torch.cat(encoded, dim=1), order_U.argsort())

    def _encode(self, char_ids_UC: Tensor, lengths_U: Tensor, masks: Mapping[str, Tensor] | None) -> Tensor:
        embedded_1CUD = self.embedding(char_ids_UC.t())[None]
        masks = None if masks is None else {name.removeprefix("lstm."): mask for name, mask in masks.items()}
        states_NCUH = self.lstm(embedded_1CUD, TimeReversal(lengths_U, char_ids_UC.shape[1]), masks=masks)
        last_NUH = states_NCUH[:, lengths_U - 1, torch.arange(len(lengths_U), device=lengths_U.device)]
        half = self.lstm.hidden_size
        return torch.cat((last_NUH[..., :half], states_NCUH[:, 0, :, half:]), dim=-1)


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

    def forward(self, char_ids_UC: Tensor, masks: Mapping[str, Tensor] | None = None) -> Tensor:
        """Encodes U word forms, right-padded with 0: (U, C) → (N, U, F).

        Args:
            char_ids_UC: character ids.
            masks: N masks (N, F, E, W) for ``weight``, by that name; by default N = 1.
        """
        weight_NFEW = masked_stack(self.weight[None], masks, "weight")
        number, filters, _, width = weight_NFEW.shape
        embedded_UEC = self.embedding(char_ids_UC).transpose(1, 2)
        # All networks' filters in one call; padding embeds to zero, as what lies outside of the word does.
        values_UFC = functional.conv1d(embedded_UEC, weight_NFEW.flatten(0, 1), padding=width // 2)
        beyond_UC = torch.arange(char_ids_UC.shape[1], device=char_ids_UC.device) >= (char_ids_UC != 0).sum(
            1, keepdim=True
        ).clamp(min=1)
        largest_UF = values_UFC.masked_fill(beyond_UC[:, None], -torch.inf).amax(-1)
        return largest_UF.view(-1, number, filters).transpose(0, 1) + self.bias


def make_character_encoder(config: TaggerConfig) -> CharacterLstm | CharacterConvolution | None:
    """The encoder that a configuration asks for."""
    if config.char_encoder == "none":
        return None
    if config.char_encoder == "cnn":
        return CharacterConvolution(
            config.char_vocab_size, config.char_embedding_size, config.char_filters, config.char_filter_width
        )
    return CharacterLstm(config.char_vocab_size, config.char_embedding_size, config.char_hidden_size)


def _reordered(forms_NUF: Tensor, order_U: Tensor) -> Tensor:
    """Rows of U in another order, as an embedding: its gradient is quicker than that of an index."""
    rows_UF = functional.embedding(order_U, forms_NUF.transpose(0, 1).flatten(1))
    return rows_UF.unflatten(-1, (len(forms_NUF), -1)).transpose(0, 1)


def _by_length(lengths_U: Tensor) -> tuple[Tensor, list[int]]:
    """The order of word forms by length group, and the size of each group that is not empty."""
    group_U = torch.bucketize(lengths_U, torch.tensor(_LENGTH_STEPS))
    sizes = torch.bincount(group_U).tolist()
    return group_U.argsort(stable=True), [size for size in sizes if size]
