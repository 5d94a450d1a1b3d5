"""Shape letters: N networks, K layers, S subspaces."""

import numpy as np
import pytest

from hf_sluice.models.learned_mixing import LearnedMixing
from hf_sluice.models.mixing_transfer import transferred_alpha, transferred_beta
from hf_sluice.models.sharing_table import sharing_table
from tests.models.tiny_sluice import tiny_config


def mixing(num_networks=3, subspaces=2, layers=2, sharing="sluice"):
    generator = np.random.default_rng(0)
    units = num_networks * subspaces
    alpha, beta = (
        generator.normal(size=s).astype(np.float32) for s in ((layers, units, units), (num_networks, layers))
    )
    return LearnedMixing(sharing, subspaces, "mixture", tuple(range(num_networks)), None, alpha, beta)


def table(number, sharing="sluice", **values):
    return sharing_table(tiny_config(number, sharing=sharing, num_layers=2, **values))


def blocks(alpha, subspaces=2):
    """α by networks: (K, N, S, N, S)."""
    size = alpha.shape[1] // subspaces
    return alpha.reshape(len(alpha), size, subspaces, size, subspaces)


@pytest.mark.parametrize("places", [[0, 1, 2], [2, 0, 1], [1, 0], [2]])
@pytest.mark.parametrize("listen", [True, False])
def test_networks_with_places_of_their_own_keep_what_stood_there(places, listen):
    learned = mixing()
    found = transferred_alpha(learned, places, table(len(places)), listen_to_new=listen)

    expected = blocks(learned.alpha)[:, places][:, :, :, places]
    assert np.array_equal(blocks(found), expected)
    assert found.dtype == np.float32


def test_networks_at_one_place_draw_and_are_drawn_from_as_one():
    learned = mixing()
    found = blocks(transferred_alpha(learned, [1, 0, 1], table(3), listen_to_new=True))
    old = blocks(learned.alpha)

    for target, place in enumerate([1, 0, 1]):
        assert np.array_equal(found[:, target, :, 1], old[:, place, :, 0])
        for copy in (0, 2):
            assert np.array_equal(found[:, target, :, copy], old[:, place, :, 1] / 2)


def test_a_new_network_begins_as_the_preset_has_it():
    learned = mixing(2)
    fresh = blocks(table(3).alpha.values)
    found = blocks(transferred_alpha(learned, [0, None, 1], table(3), listen_to_new=True))

    assert np.array_equal(found[:, 1], fresh[:, 1])
    assert np.array_equal(found[:, [0, 2], :, 1], fresh[:, [0, 2], :, 1])
    assert np.array_equal(found[:, [0, 2]][:, :, :, [0, 2]], blocks(learned.alpha))


def test_in_what_stays_frozen_nothing_is_drawn_from_a_new_network_but_by_itself():
    learned = mixing(2)
    fresh = blocks(table(4).alpha.values)
    found = blocks(transferred_alpha(learned, [0, None, 1, None], table(4), listen_to_new=False))

    assert np.array_equal(found[:, [1, 3]], fresh[:, [1, 3]])
    assert not found[:, [0, 2]][:, :, :, [1, 3]].any()
    assert np.array_equal(found[:, [0, 2]][:, :, :, [0, 2]], blocks(learned.alpha))


def test_tied_entries_without_a_place_follow_those_with_one():
    """In domain adaptation whoever draws from a network's shared subspace has one weight for it."""
    of_two, of_three = (table(number, "domain_adaptation") for number in (2, 3))
    free = np.random.default_rng(0).normal(size=of_two.alpha.num_free).astype(np.float32)
    alpha = np.where(of_two.alpha.slots < 0, of_two.alpha.values, free[of_two.alpha.slots])
    learned = LearnedMixing("domain_adaptation", 2, "mixture", (0, 1), None, alpha, np.zeros((2, 2), np.float32))
    found = transferred_alpha(learned, [1, None, 0], of_three, listen_to_new=True)

    slots = of_three.alpha.slots
    for slot in range(of_three.alpha.num_free):
        assert len(set(found[slots == slot].tolist())) == 1
    assert np.array_equal(blocks(found)[:, 1, 1, 0, 1], blocks(alpha)[:, 1, 1, 1, 1])
    fresh = blocks(of_three.alpha.values)
    assert np.array_equal(blocks(found)[:, 1, 0, 1, 0], fresh[:, 1, 0, 1, 0])
    assert np.array_equal(found[slots < 0], of_three.alpha.values[slots < 0])


def test_rows_of_beta_go_with_their_tasks():
    learned = mixing(2)
    found = transferred_beta(learned, [1, None, 1, 0], table(4, beta_init=[0.25, 0.75]))

    assert np.array_equal(found, np.stack([learned.beta[1], [0.25, 0.75], learned.beta[1], learned.beta[0]]))
    assert found.dtype == np.float32
