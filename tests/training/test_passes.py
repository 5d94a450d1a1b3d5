from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.training.batches import bucketed_batches, token_batches
from hf_sluice.training.passes import Passes
from hf_sluice.training.settings import TrainingSettings

LENGTHS = np.arange(40) % 7 + 1
SETTINGS = TrainingSettings(batch_size=4, bucket_size=3)
GROWING = TrainingSettings(batch_size=9, first_batch_size=2, batch_growth=1.5, bucket_size=3)
TOKENS = TrainingSettings(batch_tokens=17, bucket_size=3)


def passes_of(size, seed=(3, 1), settings=SETTINGS):
    return Passes(LENGTHS, np.arange(size) + 2, settings, seed)


def plain(batches):
    return [batch.tolist() for batch in batches]


@pytest.mark.parametrize("settings", [SETTINGS, GROWING, TOKENS], ids=["even", "growing", "tokens"])
@given(size=st.integers(1, 30), start=st.integers(0, 60), length=st.integers(0, 30))
def test_windows_are_parts_of_one_sequence(settings, size, start, length):
    passes = passes_of(size, settings=settings)

    assert plain(passes.window(start, length)) == plain(passes.window(0, start + length))[start:]


@given(st.integers(1, 30), st.integers(0, 5))
def test_the_sequence_is_made_of_whole_passes_each_shuffled_anew(size, number):
    passes = passes_of(size)
    window = passes.window(number * passes.num_batches, passes.num_batches)

    assert plain(window) == plain(bucketed_batches(LENGTHS, passes.sentences, 4, 3, (3, 1, number)))
    assert sorted(np.concatenate(window)) == passes.sentences.tolist()


@pytest.mark.parametrize(("size", "batches"), [(1, 1), (4, 1), (5, 2), (12, 3), (13, 4), (25, 7)])
def test_a_pass_has_the_batches_that_it_takes(size, batches):
    assert passes_of(size).num_batches == batches


def test_batches_grow_from_pass_to_pass_until_they_are_as_large_as_wanted():
    passes = passes_of(30, settings=GROWING)

    assert [max(map(len, passes.whole(number))) for number in range(7)] == [2, 3, 4, 6, 9, 9, 9]
    assert passes.num_in(1000) == 4
    for number in range(7):
        assert sorted(np.concatenate(passes.whole(number))) == passes.sentences.tolist()
        assert len(passes.whole(number)) == passes.num_in(number)


@given(st.integers(1, 30), st.integers(0, 5))
def test_passes_of_token_batches_follow_each_other_whatever_their_number(size, number):
    passes = passes_of(size, settings=TOKENS)
    whole = [token_batches(LENGTHS, passes.sentences, 17, 3, (3, 1, n)) for n in range(number + 1)]
    start = sum(map(len, whole[:number]))

    assert passes.num_batches == len(whole[0])
    assert plain(passes.whole(number)) == plain(whole[number])
    assert plain(passes_of(size, settings=TOKENS).window(start, len(whole[number]))) == plain(whole[number])


def test_passes_of_token_batches_may_differ_in_number():
    passes = passes_of(30, settings=TOKENS)
    assert len({len(passes.whole(number)) for number in range(20)}) > 1


def test_other_seeds_give_other_sequences():
    assert plain(passes_of(30).window(0, 8)) != plain(passes_of(30, seed=(3, 2)).window(0, 8))


def test_nothing_is_taken_from_where_there_is_nothing():
    assert passes_of(0).window(0, 0) == []
