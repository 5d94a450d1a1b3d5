"""The shared input of all networks: word embedding ⊕ character encoding (Ruder et al. 2019, "Model")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .character_encoders import make_character_encoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .configuration_tagger import TaggerConfig
    from .form_cache import FormCache


class WordEncoder(nn.Module):
    """Word embedding ⊕ character encoding.

    Where there is a ``form_cache``, it is asked for character encodings in evaluation without gradients.

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
        self.form_cache: FormCache | None = None

    def forward(
        self,
        input_ids_BT: Tensor,
        char_ids_UC: Tensor,
        char_index_BT: Tensor,
        masks: Sequence[Mapping[str, Tensor]] = ({},),
    ) -> Iterator[Tensor]:
        """Encodes a batch.

        Args:
            input_ids_BT: word ids.
            char_ids_UC: characters of the U distinct word forms of the batch.
            char_index_BT: for each token the row of its form in ``char_ids_UC``.
            masks: of each of N networks, for parameters of ``characters``, by their names, that it does not keep whole.

        Returns:
            For each network (T, B, D), time first.
        """
        words_TBD = self.embedding(input_ids_BT.t())
        if self.characters is None:
            return iter([words_TBD])
        # One lookup for all networks, whose encodings of a form stand side by side.
        forms_UF = self._forms(char_ids_UC, masks)
        of_networks = functional.embedding(char_index_BT.t(), forms_UF).split(self.characters.output_size, dim=-1)
        return (torch.cat((words_TBD, forms_TBF), dim=-1) for forms_TBF in of_networks)

    def _forms(self, char_ids_UC: Tensor, masks: Sequence[Mapping[str, Tensor]]) -> Tensor:
        """The encodings of forms, those of N networks side by side: (U, N·F)."""

        def encode(char_ids: Tensor) -> Tensor:
            return self.characters(char_ids, masks).flatten(1)  # type: ignore[misc]  # only asked where there are some

        if self.form_cache is None or self.training or torch.is_grad_enabled():
            return encode(char_ids_UC)
        return self.form_cache.encode(char_ids_UC, masks, encode)
