from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_sluice.analysis.task_relations.data_features import data_features
from hf_sluice.analysis.task_relations.definitions import feature_names
from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task

TASKS = [
    Task("pos", ("NN", "VB", "DT", "UH")),
    Task("gaze", kind="regression", metric="spearman"),
    Task("bare", ("X",)),
]


def sentence(words: str, **layers: list) -> Sentence:
    return Sentence(words.split(), {"pos": None, "gaze": None, "bare": None, **layers}, words, None)


def small_corpus() -> TaggingCorpus:
    """POS on two of three training sentences: 8 words of 5 types."""
    train = [
        sentence("The dog saw the dog .", pos=["DT", "NN", "VB", "DT", "NN", None]),
        sentence("Dog saw", pos=["NN", "VB"]),
        sentence("Numbers numbers numbers", gaze=[1.0, 2.0, None]),
    ]
    validation = [sentence("the cat", pos=["DT", "NN"]), sentence("dog dog dog", gaze=[1.0, 1.0, 1.0])]
    return assemble({"train": train, "validation": validation}, TASKS)


@pytest.fixture(scope="module")
def features():
    return data_features(small_corpus(), "pos", {"the", "DOG", "."})


def test_all_that_the_paper_has_are_there_in_its_order(features):
    assert list(features) == feature_names("data")


def test_sentences_that_carry_the_task_are_counted(features):
    assert features["sentences"] == 2


def test_labels_that_occur_are_counted(features):
    assert features["labels"] == 3  # DT NN VB, of a label set of 4


def test_words_per_type_take_no_account_of_case(features):
    assert features["tokens_per_type"] == pytest.approx(8 / 4)  # the, dog, saw, .


def test_unknown_words_are_a_per_cent_of_all_words(features):
    assert features["oov_rate"] == pytest.approx(100 * 2 / 8)  # saw, saw


def test_the_entropy_is_in_nats(features):
    shares = 3 / 7, 2 / 7, 2 / 7  # NN, VB, DT; the full stop has no label
    assert features["label_entropy"] == pytest.approx(-sum(share * math.log(share) for share in shares))


def test_the_norm_is_of_terms_in_sentences(features):
    # the: 2, dog: 2, saw: 1 in the first sentence, dog: 1, saw: 1 in the second; the full stop is no term.
    assert features["frobenius_norm"] == pytest.approx(math.sqrt(4 + 4 + 1 + 1 + 1))


def test_a_word_of_several_terms_counts_as_each():
    corpus = assemble({"train": [sentence("co-op co I'm x", pos=["NN"] * 4)]}, TASKS)

    # co: 2, op: 1; "I", "m" and "x" have one letter.
    assert data_features(corpus, "pos")["frobenius_norm"] == pytest.approx(math.sqrt(4 + 1))


def test_the_divergence_is_of_training_words_from_development_words_in_nats(features):
    train = {"the": 2 / 8, "dog": 3 / 8, "saw": 2 / 8, ".": 1 / 8}
    validation = {"the": 1 / 2, "cat": 1 / 2}

    def to_the_middle(one, other):
        return sum(p * math.log(p / ((p + other.get(word, 0)) / 2)) for word, p in one.items())

    expected = (to_the_middle(train, validation) + to_the_middle(validation, train)) / 2
    assert features["jsd"] == pytest.approx(expected)


def test_what_is_not_known_is_none():
    corpus = TaggingCorpus({"train": small_corpus()["train"]}, TASKS)
    features = data_features(corpus, "pos")

    assert {name for name, value in features.items() if value is None} == {"oov_rate", "jsd"}


def test_a_task_without_development_sentences_has_no_divergence():
    corpus = small_corpus()
    carrying = corpus["validation"].select([1])

    assert data_features(TaggingCorpus({**corpus, "validation": carrying}, TASKS), "pos")["jsd"] is None


def test_numbers_have_no_labels():
    features = data_features(small_corpus(), "gaze", ())

    assert (features["labels"], features["label_entropy"]) == (None, None)
    assert (features["sentences"], features["tokens_per_type"], features["oov_rate"]) == (1, 3, 100)


def test_sentences_without_terms_have_norm_zero():
    corpus = assemble({"train": [sentence("a . !", pos=["NN", "NN", "UH"])]}, TASKS)

    assert data_features(corpus, "pos")["frobenius_norm"] == 0


def test_disjoint_words_diverge_by_all_and_equal_ones_not_at_all():
    train = [sentence("a b b", pos=["NN"] * 3)]
    apart = assemble({"train": train, "validation": [sentence("c", pos=["NN"])]}, TASKS)
    alike = assemble({"train": train, "validation": [sentence("B a b A b b", pos=["NN"] * 6)]}, TASKS)

    assert data_features(apart, "pos")["jsd"] == pytest.approx(math.log(2))
    assert data_features(alike, "pos")["jsd"] == pytest.approx(0, abs=1e-12)


def test_other_sentences_and_tasks_change_nothing():
    corpus = load_demo_corpus(train_sentences=60, validation_sentences=20, test_sentences=20)
    alone = TaggingCorpus({split: data.select_columns(["tokens", "ner", "domain", "sent_id"])
                           for split, data in corpus.items()}, [corpus.tasks[2]])  # fmt: skip

    assert data_features(corpus, "ner", {"the"}) == data_features(alone, "ner", {"the"})


@pytest.fixture(scope="module")
def six_sentences():
    return load_demo_corpus(train_sentences=6, validation_sentences=4, test_sentences=4)


@settings(max_examples=20)
@given(order=st.permutations(range(6)))
def test_the_order_of_sentences_changes_nothing(six_sentences, order):
    permuted = TaggingCorpus({**six_sentences, "train": six_sentences["train"].select(order)}, six_sentences.tasks)

    one, other = (data_features(corpus, "pos", {"the"}) for corpus in (six_sentences, permuted))
    np.testing.assert_allclose(list(one.values()), list(other.values()))


def test_a_task_that_there_is_not_is_named():
    with pytest.raises(UserError, match="there is no task 'nre' in the data; there is pos, gaze, bare"):
        data_features(small_corpus(), "nre")


def test_a_task_that_no_sentence_carries_is_named():
    with pytest.raises(UserError, match="task 'bare': no training sentence carries it"):
        data_features(small_corpus(), "bare")
