"""The shared input of all networks: word embedding ⊕ character BiLSTM (Ruder et al. 2019, "Model")."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .parallel_lstm import ParallelBiLSTM, TimeReversal

# Words of similar length are encoded together, so that one long word does not pad all others. On other devices than
# the CPU one padded batch is cheaper than waiting for the lengths.
_LENGTH_STEPS = (4, 6, 8, 11, 16, 32)


class CharacterEncoder(nn.Module):
    """Encodes word forms by their characters: final states of both directions of a BiLSTM.

    Args:
        vocab_size: characters, 0 being padding.
        embedding_size: width of a character's embedding.
        hidden_size: units per direction.
    """

    def __init__(self, vocab_size: int, embedding_size: int, hidden_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=0)
        self.lstm = ParallelBiLSTM(1, embedding_size, hidden_size)

    def forward(self, char_ids_UC: Tensor) -> Tensor:
        """Encodes U word forms, right-padded with 0: (U, C) → (U, 2·hidden)."""
        lengths_U = (char_ids_UC != 0).sum(1).clamp(min=1)
        if char_ids_UC.device.type != "cpu":
            return self._encode(char_ids_UC, lengths_U)
        order_U, bounds = _by_length(lengths_U)
        encoded = []
        for rows in order_U.split(bounds):
            group_lengths = lengths_U[rows]
            encoded.append(self._encode(char_ids_UC[rows, : int(group_lengths.max())], group_lengths))
        return functional.embedding(order_U.argsort(), torch.cat(encoded))

    def _encode(self, char_ids_UC: Tensor, lengths_U: Tensor) -> Tensor:
        embedded_1CUD = self.embedding(char_ids_UC.t())[None]
        states_CUH = self.lstm(embedded_1CUD, TimeReversal(lengths_U, char_ids_UC.shape[1]))[0]
        last_UH = states_CUH[lengths_U - 1, torch.arange(len(lengths_U), device=lengths_U.device)]
        half = self.lstm.hidden_size
        return torch.cat((last_UH[:, :half], states_CUH[0, :, half:]), dim=-1)


def _by_length(lengths_U: Tensor) -> tuple[Tensor, list[int]]:
    """The order of word forms by length group, and the size of each group that is not empty."""
    group_U = torch.bucketize(lengths_U, torch.tensor(_LENGTH_STEPS))
    sizes = torch.bincount(group_U).tolist()
    return group_U.argsort(stable=True), [size for size in sizes if size]


class WordEncoder(nn.Module):
    """Word embedding ⊕ character encoding.

    Args:
        vocab_size: word types, 0 being padding.
        word_embedding_size: width of the word embedding.
        characters: the character encoder.
    """

    def __init__(self, vocab_size: int, word_embedding_size: int, characters: CharacterEncoder) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, word_embedding_size, padding_idx=0)
        self.characters = characters
        self.output_size = word_embedding_size + 2 * characters.lstm.hidden_size

    def forward(self, input_ids_BT: Tensor, char_ids_UC: Tensor, char_index_BT: Tensor) -> Tensor:
        """Encodes a batch.

        Args:
            input_ids_BT: word ids.
            char_ids_UC: characters of the U distinct word forms of the batch.
            char_index_BT: for each token the row of its form in ``char_ids_UC``.

        Returns:
            (T, B, D), time first.
        """
        forms_UD = self.characters(char_ids_UC)
        return torch.cat((self.embedding(input_ids_BT.t()), functional.embedding(char_index_BT.t(), forms_UD)), dim=-1)
