from __future__ import annotations

import pytest
import torch

from hf_sluice.models.hashed_embedding import MOST_HASHES, HashedEmbedding
from hf_sluice.models.word_features import PRIME

KEYS = torch.tensor([[1, PRIME - 1], [541188331, 1], [7, 7]])


def embedding_of(num_hashes=3, rows=11, seed=0):
    torch.manual_seed(seed)
    return HashedEmbedding(2, rows, 5, num_hashes).double()


@pytest.mark.parametrize("num_hashes", range(1, MOST_HASHES + 1))
def test_a_key_is_the_scaled_sum_of_its_rows_in_its_own_table(num_hashes):
    module = embedding_of(num_hashes)
    rows, found = module.rows(KEYS), module(KEYS)

    assert rows.shape == (3, 2, num_hashes)
    assert ((rows // 11) == torch.tensor([[0], [1]])).all()
    expected = module.embedding.weight[rows].sum(2) / num_hashes**0.5
    torch.testing.assert_close(found, expected.flatten(1))


def test_rows_follow_the_arithmetic_of_whole_numbers():
    # In Python's numbers, which never overflow.
    a, b = 1_597_334_677, 812_015_047
    rows = embedding_of(1, rows=1009).rows(KEYS)
    expected = [[(key * a + b) % PRIME % 1009 + 1009 * table for table, key in enumerate(row)] for row in KEYS.tolist()]
    assert rows[..., 0].tolist() == expected


def test_few_keys_have_all_of_their_rows_in_common():
    keys = torch.randint(1, PRIME, (4000, 1), generator=torch.Generator().manual_seed(0))
    module = HashedEmbedding(1, 2000, 1, 4)
    rows = module.rows(keys).squeeze(1)

    assert len(torch.unique(rows[:, 0])) < 2000  # of one hash alone, half of the keys share the row of another
    assert len(torch.unique(rows, dim=0)) == 4000
    # Evenly: no row has many times its share.
    assert torch.bincount(rows.flatten(), minlength=2000).max() < 8 * 4


def test_an_embedding_is_as_large_whatever_the_number_of_hashes():
    keys = torch.randint(1, PRIME, (2000, 2), generator=torch.Generator().manual_seed(0))
    sizes = [embedding_of(num_hashes, rows=500)(keys).std().item() for num_hashes in (1, 4)]
    assert sizes[1] == pytest.approx(sizes[0], rel=0.1)
