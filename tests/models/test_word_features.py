from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.word_features import FEATURES, PRIME, check_word_features, feature_keys, word_shape

# Written down once: a saved model's tables belong to these keys.
KEYS_OF_BERLIN = {"norm": 656192716, "shape": 1291192936, "prefix1": 956336067, "suffix3": 1485459056}


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("McDonald's", "XxXxxx'x"),
        ("USA", "XXX"),
        ("NATO", "XXX"),
        ("1990", "ddd"),
        ("3.5", "d.d"),
        ("-----", "---"),
        ("École", "Xxxx"),
        ("日本", "xx"),
        ("☃", "☃"),
    ],
)
def test_a_shape_tells_capitals_letters_and_digits(word, shape):
    assert word_shape(word) == shape


@pytest.mark.parametrize(
    ("name", "text"),
    [("norm", "berlin"), ("prefix1", "b"), ("prefix4", "berl"), ("suffix3", "lin"), ("suffix4", "rlin")],
)
def test_features_are_texts_of_the_word(name, text):
    assert FEATURES[name]("Berlin") == text
    assert FEATURES[name]("B") == "b"


@given(st.text(st.characters(), min_size=1, max_size=12))
def test_every_word_has_keys_that_fit_into_31_bits(word):
    keys = feature_keys(word, list(FEATURES))
    assert len(keys) == len(FEATURES)
    assert all(0 < key < PRIME for key in keys)


def test_words_have_a_feature_in_common_where_its_text_is_the_same():
    names = ["norm", "suffix3", "shape"]
    ours, theirs, other = (feature_keys(word, names) for word in ("Walking", "walking", "Talking"))
    assert [a == b for a, b in zip(ours, theirs, strict=True)] == [True, True, False]
    assert [a == b for a, b in zip(ours, other, strict=True)] == [False, True, True]


@pytest.mark.parametrize("seed", ["0", "1"])
def test_keys_are_the_same_in_every_process(seed):
    program = "from hf_sluice.models.word_features import *; print(feature_keys('Berlin', list(FEATURES)))"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(feature_keys("Berlin", list(FEATURES)))


def test_keys_do_not_change_from_version_to_version():
    assert dict(zip(KEYS_OF_BERLIN, feature_keys("Berlin", list(KEYS_OF_BERLIN)), strict=True)) == KEYS_OF_BERLIN


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("norm", "word_features should be a list of names, not 'norm'"),
        ([1], r"word_features should be a list of names, not \[1\]"),
        (["norm", "suffix9"], "word_features: 'suffix9' is none of norm, shape, prefix1, "),
        (["norm", "norm"], "word_features: a name stands twice in norm, norm"),
    ],
)
def test_what_is_no_feature_is_named(names, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        check_word_features(names)
