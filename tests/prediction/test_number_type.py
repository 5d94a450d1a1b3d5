from __future__ import annotations

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.prediction import number_type
from hf_sluice.prediction.number_type import NumberType, compute_in
from hf_sluice.prediction.tagging import tag_sentences
from tests.prediction.tiny_tagger import tiny_sentences, tiny_tagger


@pytest.fixture
def with_bfloat16(monkeypatch):
    monkeypatch.setattr(number_type, "_processor_has_bfloat16", lambda: True)


@pytest.mark.usefixtures("with_bfloat16")
def test_in_fewer_digits_nearly_all_labels_are_the_same():
    sentences = tiny_sentences(100)
    found = {}
    for numbers in NumberType:
        model, tokenizer = tiny_tagger()
        compute_in(model, numbers)
        assert {parameter.dtype for parameter in model.parameters()} == {getattr(torch, numbers)}
        tagged = list(tag_sentences(model, tokenizer, sentences))
        found[numbers] = {
            name: [value for one in tagged for value in one.predictions[name]] for name in ("pos", "length")
        }

    exact, rounded = found[NumberType.FLOAT32], found[NumberType.BFLOAT16]
    same = sum(one == other for one, other in zip(exact["pos"], rounded["pos"], strict=True))
    assert same >= 0.9 * len(exact["pos"])
    assert exact["length"] != rounded["length"]
    torch.testing.assert_close(torch.tensor(rounded["length"]), torch.tensor(exact["length"]), atol=0.2, rtol=0.1)


@pytest.mark.usefixtures("with_bfloat16")
def test_the_command_computes_in_what_it_is_told(hf_sluice, demo_run, monkeypatch):
    told = []
    monkeypatch.setattr("hf_sluice.prediction.model_folder.compute_in", lambda _, numbers: told.append(numbers))
    for name in NumberType:
        assert hf_sluice("predict", demo_run, "--text", "She saw him.", "--dtype", name).code == 0
    assert hf_sluice("evaluate", demo_run, "--dtype", "bfloat16").out.split("\n")[0].strip() == (
        "Scores on test, in bfloat16"
    )
    assert hf_sluice("predict", demo_run, "--text", "She saw him.").code == 0

    assert told == [*NumberType, NumberType.BFLOAT16]


def test_a_processor_without_it_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(number_type, "_processor_has_bfloat16", lambda: False)
    model, _ = tiny_tagger()

    with pytest.raises(UserError, match="this processor does not compute in it"):
        compute_in(model, NumberType.BFLOAT16)
    compute_in(model, NumberType.FLOAT32)
