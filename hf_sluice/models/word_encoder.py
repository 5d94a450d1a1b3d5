"""The shared input of all networks: word embedding ⊕ character encoding (Ruder et al. 2019, "Model")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .character_encoders import make_character_encoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .configuration_tagger import TaggerConfig


class WordEncoder(nn.Module):
    """Word embedding ⊕ character encoding.

    Args:
        config: sizes, and what reads the characters.
    """

    def __init__(self, config: TaggerConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocab_size, config.word_embedding_size, padding_idx=0)
        self.characters = make_character_encoder(config)
        self.output_size = config.word_embedding_size
        if self.characters is not None:
            self.output_size += self.characters.output_size

    def forward(
        self,
        input_ids_BT: Tensor,
        char_ids_UC: Tensor,
        char_index_BT: Tensor,
        masks: Mapping[str, Tensor] | None = None,
    ) -> Tensor:
        """Encodes a batch.

        Args:
            input_ids_BT: word ids.
            char_ids_UC: characters of the U distinct word forms of the batch.
            char_index_BT: for each token the row of its form in ``char_ids_UC``.
            masks: N masks for some parameters of ``characters``, by their names.

        Returns:
            (N, T, B, D), time first; N = 1 without masks.
        """
        words_TBD = self.embedding(input_ids_BT.t())
        if self.characters is None:
            return words_TBD[None]
        forms_NUF = self.characters(char_ids_UC, masks)
        number, _, width = forms_NUF.shape
        # One lookup for all networks, whose encodings of a form stand side by side.
        forms_TBF = functional.embedding(char_index_BT.t(), forms_NUF.transpose(0, 1).flatten(1))
        characters_NTBF = forms_TBF.unflatten(-1, (number, width)).permute(2, 0, 1, 3)
        return torch.cat((words_TBD.expand(number, -1, -1, -1), characters_NTBF), dim=-1)
