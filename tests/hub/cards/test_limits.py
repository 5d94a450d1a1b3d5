from __future__ import annotations

import pytest

from hf_sluice.hub.cards.limits import limits
from hf_sluice.hub.cards.scores import CardScores
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from tests.hub.cards.small_records import NER, POS, TOKENIZER, full_record, recipe_of, record_of, results_of
from tests.training.tiny_training import new_model


def limits_of(record):
    return "\n".join(limits(record, Sources.of_recipe(record.recipe), CardScores.of(record)))


def test_of_a_model_alone_the_vocabulary_is_known_and_that_nothing_else_is():
    found = limits_of(record_of())

    assert f"a vocabulary of {TOKENIZER.vocab_size} words" in found
    assert "of other words it sees their characters alone" in found
    assert "No scores of it are on record." in found
    assert "do not occur in training" not in found
    assert "Of the labels of" not in found
    assert "Texts unlike those of its training data, of other subjects" in found


def test_without_characters_nothing_is_seen_of_other_words():
    model = new_model(TOKENIZER, (POS,), char_encoder="none")

    assert "of other words it sees nothing at all" in limits_of(record_of((POS,), model=model))


@pytest.mark.parametrize(
    ("char_encoder", "seen"),
    [
        ("none", "features of their spelling (norm, suffix2) alone"),
        ("bilstm", "their characters and features of their spelling (norm, suffix2) alone"),
    ],
)
def test_features_are_seen_of_other_words(char_encoder, seen):
    features = ["norm", "suffix2"]
    tokenizer = TaggerTokenizer(vocabulary=TOKENIZER.vocabulary, word_features=features)
    model = new_model(tokenizer, (POS,), char_encoder=char_encoder, word_features=features)

    assert f"of other words it sees {seen}" in limits_of(record_of((POS,), model=model))


@pytest.mark.parametrize(
    ("domains", "trained", "words"),
    [
        (("blog", "chat"), ("blog",), "25.0 % in domains trained on and 25.0 % in domains held out do not"),
        (("blog",), ("blog",), "Of the words in test 25.0 % in domains trained on do not"),
        ((), (), "Of the words in test 25.0 % do not"),
    ],
)
def test_unknown_words_are_counted_where_they_stand(domains, trained, words):
    assert words in limits_of(full_record((POS,), domains=domains, trained=trained))


def test_languages_and_domains_are_named():
    words = (
        "Texts unlike those of its training data (blog and news), in other languages than English, of other subjects"
    )

    assert words in limits_of(full_record())


def test_labels_without_or_with_few_examples_are_named():
    counts = {"pos": {"DT": 0, "NN": 9, "VB": 10}, "ner": dict.fromkeys(NER.labels, 10)}
    found = limits_of(full_record(data={"notes": [], "groups": [], "training_labels": counts}))

    assert (
        "Of the labels of pos there are in training not once 1 of 3 (DT) and less than 10 times 1 of 3 (NN)." in found
    )
    assert "Of the labels of ner" not in found


def test_invalid_sequences_are_possible_unless_decoding_is_constrained():
    words = "Its labels of ner may follow each other in ways"
    constrained = new_model(TOKENIZER, (POS, NER), constrained_decoding=True)

    assert words in limits_of(record_of())
    assert words not in limits_of(record_of(model=constrained))


def test_a_sample_is_called_one():
    recipe = recipe_of((POS, NER), data={"max_sentences": {"train": 1500}})

    assert "no more than 1,500 sentences, drawn at random" in limits_of(record_of(recipe=recipe))
    assert "drawn at random" not in limits_of(record_of(recipe=recipe_of((POS, NER))))


def test_one_run_is_one_run_and_few_words_are_few():
    found = limits_of(record_of(results=results_of((POS, NER))))

    assert "one run with one seed (7)" in found
    assert "Fewer than 100 words or spans of pos and ner were scored" in found
