from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import pytest

from hf_sluice.data.domains import keep_domains
from hf_sluice.data.sampling import limit_sentences, random_generator
from hf_sluice.errors import UserError
from tests.data.layered_corpus import ids, layered_corpus


@pytest.fixture(scope="module")
def corpus():
    return layered_corpus()


def test_a_larger_sample_holds_every_smaller_one(corpus):
    samples = [ids(limit_sentences(corpus, {"train": n}, 3)) for n in (1, 5, 20, 59)]

    assert [len(sample) for sample in samples] == [1, 5, 20, 59]
    for smaller, larger in pairwise(samples):
        assert set(smaller) < set(larger)


def test_sentences_stay_whole_and_in_order(corpus):
    kept = limit_sentences(corpus, {"train": 25, "test": 4}, 0)
    originals = {row["sent_id"]: row for split in corpus for row in corpus[split]}

    assert [originals[row["sent_id"]] for split in kept for row in kept[split]] == [r for s in kept for r in kept[s]]
    assert ids(kept) == sorted(ids(kept), key=ids(corpus).index)
    assert kept.tasks == corpus.tasks


def test_the_seed_and_nothing_else_decides(corpus):
    def sample(seed, **sizes):
        return ids(limit_sentences(corpus, sizes, seed))

    assert sample(0, train=20) == sample(0, train=20, test=3)
    assert len({tuple(sample(seed, train=20)) for seed in range(5)}) == 5


def test_a_sample_is_the_same_in_every_process(corpus):
    script = (
        "from hf_sluice.data.sampling import limit_sentences\n"
        "from tests.data.layered_corpus import ids, layered_corpus\n"
        "print(ids(limit_sentences(layered_corpus(), {'train': 10}, 7)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "123"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)

    assert done.stdout.strip() == str(ids(limit_sentences(corpus, {"train": 10}, 7)))


def test_splits_of_equal_size_are_sampled_independently():
    corpus = layered_corpus(train=40, test=40)
    kept = limit_sentences(corpus, {"train": 20, "test": 20}, 0)

    assert [name.split("-")[1] for name in ids(kept)] != [name.split("-")[1] for name in ids(kept, "test")]


def test_samples_are_drawn_evenly_from_the_whole_split(corpus):
    rows = [int(name.split("-")[1]) for seed in range(100) for name in ids(limit_sentences(corpus, {"train": 6}, seed))]

    assert abs(sum(rows) / len(rows) - 29.5) < 3 * 17.3 / 600**0.5


def test_a_split_that_is_small_enough_stays_whole(corpus):
    kept = limit_sentences(corpus, {"train": 60, "test": 1000}, 0)

    assert [ids(kept, split) for split in kept] == [ids(corpus, split) for split in corpus]
    assert kept.notes == corpus.notes


def test_a_sample_of_a_choice_holds_nothing_else(corpus):
    kept = limit_sentences(keep_domains(corpus, {"train": ["news"]}), {"train": 7}, 0)

    assert [corpus.domains[number] for number in kept["train"]["domain"]] == ["news"] * 7
    assert kept.notes == ("note", "train: 7 of 20 sentences, drawn with sampling seed 0")


def test_a_split_that_there_is_not_is_refused(corpus):
    with pytest.raises(UserError, match=r"^max_sentences: there is no split 'dev'; there is train, test$"):
        limit_sentences(corpus, {"dev": 3}, 0)


def test_generators_for_different_things_are_independent():
    draws = [random_generator(*key).integers(2**60) for key in ((0, "a"), (0, "b"), (1, "a"), (0, "a", "b"), (0,))]

    assert len(set(draws)) == 5
    assert random_generator(0, "a").integers(2**60) == draws[0]
