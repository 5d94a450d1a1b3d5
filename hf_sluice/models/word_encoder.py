"""The shared input of all networks: word embedding ⊕ character encoding (Ruder et al. 2019, "Model"), or features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from .character_encoders import make_character_encoder
from .hashed_embedding import HashedEmbedding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .configuration_tagger import TaggerConfig
    from .form_cache import FormCache


class WordEncoder(nn.Module):
    """Word embedding ⊕ embeddings of word features ⊕ character encoding, where there are these.

    Where there is a ``form_cache``, it is asked for the encodings of forms in evaluation without gradients.

    Args:
        config: sizes, and what reads the spelling.
    """

    def __init__(self, config: TaggerConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocab_size, config.word_embedding_size, padding_idx=0)
        self.characters = make_character_encoder(config)
        self.features = _make_features(config)
        self._num_features = len(config.word_features)
        self._features_size = config.features_size
        self.output_size = config.word_embedding_size + config.features_size
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
            char_ids_UC: of the U distinct word forms of the batch the keys of features, if there are any, and then
                the characters.
            char_index_BT: for each token the row of its form in ``char_ids_UC``.
            masks: of each of N networks, for parameters of ``characters``, by their names, that it does not keep whole.

        Returns:
            For each network (T, B, D), time first.
        """
        words_TBD = self.embedding(input_ids_BT.t())
        if self.characters is None and self.features is None:
            return iter([words_TBD])
        # One lookup for all networks, whose encodings of a form stand side by side.
        forms_TBF = functional.embedding(char_index_BT.t(), self._forms(char_ids_UC, masks))
        words_TBD = torch.cat((words_TBD, forms_TBF[..., : self._features_size]), dim=-1)
        if self.characters is None:
            return iter([words_TBD])
        of_networks = forms_TBF[..., self._features_size :].split(self.characters.output_size, dim=-1)
        return (torch.cat((words_TBD, of_network), dim=-1) for of_network in of_networks)

    def _forms(self, char_ids_UC: Tensor, masks: Sequence[Mapping[str, Tensor]]) -> Tensor:
        """Features of forms, which are those of all networks, and the encodings of N networks: (U, F + N·F')."""

        def encode(char_ids: Tensor) -> Tensor:
            parts = []
            if self.features is not None:
                # A batch without any word has one form of one 0, whatever there are keys for.
                missing = max(0, self._num_features + 1 - char_ids.shape[1])
                char_ids = functional.pad(char_ids, (0, missing))
                parts.append(self.features(char_ids[:, : self._num_features]))
            if self.characters is not None:
                parts.append(self.characters(char_ids[:, self._num_features :], masks).flatten(1))
            return parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)

        if self.form_cache is None or self.training or torch.is_grad_enabled():
            return encode(char_ids_UC)
        return self.form_cache.encode(char_ids_UC, masks, encode)


def _make_features(config: TaggerConfig) -> HashedEmbedding | None:
    if not config.word_features:
        return None
    sizes = config.feature_rows, config.feature_embedding_size, config.feature_hashes
    return HashedEmbedding(len(config.word_features), *sizes)
