import pytest

from hf_sluice.models.decoders import DECODERS, allowed_of, decoder_of, has_crf
from hf_sluice.models.transitions import allowed_transitions

TASK = {"name": "ner", "labels": ["O", "B-X", "I-X"], "kind": "classification", "scheme": "IOB2"}
NUMBER = {"name": "length", "labels": [], "kind": "regression"}


@pytest.mark.parametrize("default", DECODERS)
def test_a_task_has_its_own_decoder_or_the_default(default):
    assert decoder_of(TASK, default) == default
    assert decoder_of({**TASK, "decoder": None}, default) == default
    for own in DECODERS:
        assert decoder_of({**TASK, "decoder": own}, default) == own


def test_regression_takes_what_stands_before_the_crf():
    assert [decoder_of(NUMBER, default) for default in DECODERS] == ["mlp", "linear", "mlp", "linear"]
    assert decoder_of({**NUMBER, "decoder": "linear"}, "mlp_crf") == "linear"


@pytest.mark.parametrize("own", ["mlp_crf", "linear_crf"])
def test_regression_cannot_have_a_crf_of_its_own(own):
    with pytest.raises(ValueError, match=f"the decoder of 'length', '{own}', needs labels"):
        decoder_of({**NUMBER, "decoder": own}, "mlp")


@pytest.mark.parametrize(("task", "default"), [({**TASK, "decoder": "crf"}, "mlp"), (TASK, "crf")])
def test_an_unknown_decoder_is_named(task, default):
    with pytest.raises(ValueError, match="the decoder of 'ner', 'crf', is none of mlp, linear, mlp_crf, linear_crf"):
        decoder_of(task, default)


def test_which_decoders_have_a_crf():
    assert [name for name in DECODERS if has_crf(name)] == ["mlp_crf", "linear_crf"]


def test_the_scheme_says_what_is_allowed():
    allowed, expected = allowed_of(TASK), allowed_transitions(TASK["labels"], "IOB2")
    assert all((one == other).all() for one, other in zip(allowed, expected, strict=True))
    assert allowed_of({**TASK, "scheme": "none"}) is None
    assert allowed_of({"name": "pos", "labels": ["N", "V"]}) is None
    assert allowed_of(NUMBER) is None


def test_labels_of_which_no_sentence_can_be_made_are_named():
    task = {**TASK, "labels": ["B-X", "I-X"], "scheme": "BIOES"}
    message = "'ner' cannot be decoded within BIOES: the labels B-X, I-X make no well-formed sequence of length 1"
    with pytest.raises(ValueError, match=message):
        allowed_of(task)


def test_labels_of_another_scheme_are_named_with_their_task():
    with pytest.raises(ValueError, match="'ner': label 'S-X' is not IOB2"):
        allowed_of({**TASK, "labels": ["O", "S-X"]})
