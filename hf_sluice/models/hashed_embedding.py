"""Embeddings of keys without a vocabulary: a table of fixed size, of which each key has several rows."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .word_features import PRIME

# Numbers drawn once, a and b of h(x) = ((a·x + b) mod p) mod R.
HASHES = (
    (1_597_334_677, 812_015_047),
    (1_103_515_245, 1_748_931_283),
    (693_621_101, 267_914_296),
    (1_984_016_011, 1_421_080_957),
)
MOST_HASHES = len(HASHES)


class HashedEmbedding(nn.Module):
    """Embeds the keys of features (Serrà & Karatzoglou 2017, "Getting deep recommenders fit: Bloom embeddings").

    Each feature has a table of its own. A key is embedded as the sum of several rows, which hash functions of a
    universal family choose (Carter & Wegman 1979): two keys rarely have all of them in common, however small the
    table. The sum is divided by the root of their number, so that it is as large as one embedding.

    Args:
        num_features: F.
        rows: of each table.
        embedding_size: E.
        num_hashes: rows of a key, at most ``MOST_HASHES``.
    """

    def __init__(self, num_features: int, rows: int, embedding_size: int, num_hashes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_features * rows, embedding_size)
        self.num_features, self.num_hashes = num_features, num_hashes
        self.output_size = num_features * embedding_size
        self._rows = rows

    def rows(self, keys_UF: Tensor) -> Tensor:
        """The rows of keys among those of all tables, (U, F, hashes); int64, exact on every device."""
        hashed = [(keys_UF * a + b) % PRIME % self._rows for a, b in HASHES[: self.num_hashes]]
        first_F1 = self._rows * torch.arange(self.num_features, device=keys_UF.device)[:, None]
        return torch.stack(hashed, dim=-1) + first_F1

    def forward(self, keys_UF: Tensor) -> Tensor:
        """Embeds the keys of U word forms: (U, F) → (U, F·E)."""
        bags = self.rows(keys_UF).view(-1, self.num_hashes)
        summed = functional.embedding_bag(bags, self.embedding.weight, mode="sum")
        return summed.view(len(keys_UF), -1) * self.num_hashes**-0.5
