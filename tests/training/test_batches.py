from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.training.batches import batches_by_cells, bucketed_batches, share_of_process, token_batches

lengths_of_splits = st.lists(st.integers(1, 40), min_size=1, max_size=60).map(np.array)
sizes = st.integers(1, 9)
seeds = st.tuples(st.integers(0, 5), st.integers(0, 5))


def some_sentences(lengths, part):
    return np.flatnonzero(np.arange(len(lengths)) % part == 0)


@given(lengths_of_splits, st.integers(1, 3), sizes, sizes, seeds)
def test_each_sentence_is_in_exactly_one_batch(lengths, part, batch_size, bucket_size, seed):
    sentences = some_sentences(lengths, part)
    batches = bucketed_batches(lengths, sentences, batch_size, bucket_size, seed)

    assert sorted(np.concatenate(batches)) == sentences.tolist()


@given(lengths_of_splits, sizes, sizes, seeds)
def test_all_batches_but_one_are_full(lengths, batch_size, bucket_size, seed):
    batches = bucketed_batches(lengths, np.arange(len(lengths)), batch_size, bucket_size, seed)

    assert len(batches) == math.ceil(len(lengths) / batch_size)
    assert sorted(map(len, batches))[1:] == [batch_size] * (len(batches) - 1)


@given(lengths_of_splits, sizes, sizes, seeds)
def test_batches_are_a_function_of_the_seed(lengths, batch_size, bucket_size, seed):
    one, other = (bucketed_batches(lengths, np.arange(len(lengths)), batch_size, bucket_size, seed) for _ in range(2))

    assert [batch.tolist() for batch in one] == [batch.tolist() for batch in other]


@given(lengths_of_splits, sizes, seeds)
def test_batches_of_one_bucket_do_not_overlap_in_length(lengths, batch_size, seed):
    batches = bucketed_batches(lengths, np.arange(len(lengths)), batch_size, len(lengths), seed)
    ordered = sorted(batches, key=lambda batch: (lengths[batch].min(), lengths[batch].max(), -len(batch)))

    for shorter, longer in itertools.pairwise(ordered):
        assert lengths[shorter].max() <= lengths[longer].min()


def padding(lengths, batches):
    return sum(int((lengths[batch].max() - lengths[batch]).sum()) for batch in batches)


def test_larger_buckets_leave_less_padding():
    lengths = np.random.default_rng(0).integers(1, 50, 320)
    wasted = [
        padding(lengths, bucketed_batches(lengths, np.arange(320), 8, bucket_size, (0,))) for bucket_size in (1, 4, 40)
    ]

    assert wasted[2] < wasted[1] < wasted[0]


def test_another_seed_gives_other_company_and_another_order():
    lengths = np.random.default_rng(0).integers(1, 5, 60)
    one, other = (bucketed_batches(lengths, np.arange(60), 6, 3, (seed,)) for seed in (0, 1))

    assert {frozenset(batch.tolist()) for batch in one} != {frozenset(batch.tolist()) for batch in other}


def test_batches_do_not_come_in_order_of_length():
    lengths = np.arange(1, 61)
    first_lengths = [batch[0] for batch in bucketed_batches(lengths, np.arange(60), 6, 10, (0,))]

    assert first_lengths != sorted(first_lengths)
    assert first_lengths != sorted(first_lengths, reverse=True)


@given(lengths_of_splits, st.integers(1, 3), st.integers(1, 90), sizes, seeds)
def test_token_batches_have_each_sentence_once_and_little_enough(lengths, part, batch_tokens, bucket_size, seed):
    sentences = some_sentences(lengths, part)
    batches = token_batches(lengths, sentences, batch_tokens, bucket_size, seed)

    assert sorted(np.concatenate(batches)) == sentences.tolist()
    assert all(len(batch) == 1 or len(batch) * lengths[batch].max() <= batch_tokens for batch in batches)


@given(lengths_of_splits, st.integers(1, 90), seeds)
def test_token_batches_of_one_bucket_are_full(lengths, batch_tokens, seed):
    batches = token_batches(lengths, np.arange(len(lengths)), batch_tokens, 10_000, seed)
    ordered = sorted(batches, key=lambda batch: (lengths[batch].min(), lengths[batch].max(), -len(batch)))

    for shorter, longer in itertools.pairwise(ordered):
        assert lengths[shorter].max() <= lengths[longer].min()
        assert (len(shorter) + 1) * lengths[longer].min() > batch_tokens


def test_token_batches_are_a_function_of_the_seed():
    lengths = np.random.default_rng(0).integers(1, 50, 320)
    one, same, other = (
        [batch.tolist() for batch in token_batches(lengths, np.arange(320), 200, 4, (seed,))] for seed in (0, 0, 1)
    )

    assert one == same
    assert {frozenset(batch) for batch in one} != {frozenset(batch) for batch in other}
    assert [lengths[batch[0]] for batch in one] != sorted(lengths[batch[0]] for batch in one)


def test_a_bucket_of_tokens_holds_the_words_of_so_many_batches():
    lengths = np.random.default_rng(0).integers(1, 50, 320)
    wasted = [
        padding(lengths, token_batches(lengths, np.arange(320), 200, bucket_size, (0,))) for bucket_size in (1, 4, 40)
    ]

    assert wasted[2] < wasted[1] < wasted[0]


def test_nothing_makes_no_batches():
    assert token_batches(np.arange(3), np.zeros(0, dtype=np.int64), 10, 2, (0,)) == []


def test_what_is_batched_is_left_as_it_was():
    sentences = np.arange(20)
    bucketed_batches(np.arange(20), sentences, 3, 2, (0,))

    assert sentences.tolist() == list(range(20))


@given(st.lists(st.integers(), unique=True, max_size=20).map(np.array), st.integers(1, 6))
def test_the_shares_of_all_processes_are_the_batch(batch, num_processes):
    shares = [share_of_process(batch, process, num_processes) for process in range(num_processes)]

    assert sorted(np.concatenate(shares)) == sorted(batch)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@given(st.lists(st.integers(), max_size=20).map(np.array))
def test_a_single_process_computes_the_whole_batch(batch):
    assert share_of_process(batch, 0, 1).tolist() == batch.tolist()


@pytest.mark.parametrize("lengths", [[], [5], [1, 1, 1, 1], [1, 2, 2, 3, 9, 30], [12, 13, 14]])
def test_batches_by_cells_hold_every_sentence_once_and_in_order(lengths):
    batches = list(batches_by_cells(np.array(lengths, dtype=np.int64), 12))

    assert [place for batch in batches for place in batch.tolist()] == list(range(len(lengths)))
    for batch, after in zip(batches, [*batches[1:], None], strict=False):
        longest = max(lengths[place] for place in batch)
        assert len(batch) * longest <= 12 or len(batch) == 1
        # No batch is smaller than it need be.
        assert after is None or (len(batch) + 1) * lengths[after[0]] > 12
