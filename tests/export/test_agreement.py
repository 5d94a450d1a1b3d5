from __future__ import annotations

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.export.agreement import TOLERANCE, compare_graph
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from tests.export.exporting import save_tagger
from tests.models.tiny_tagging import TOKENIZER


@pytest.fixture
def exported(tmp_path):
    saved = save_tagger(tmp_path / "out", "crf")
    return saved.model, OnnxTagger(tmp_path / "out")


def test_the_same_weights_differ_by_rounding(exported):
    found = compare_graph(exported[0], TOKENIZER, exported[1])

    assert 0 < found.largest_difference < TOLERANCE
    assert (found.sentences, found.longest, found.largest_batch) == (46, 130, 33)


def test_another_weight_is_found(exported):
    model, tagger = exported
    with torch.no_grad():
        model.sluice.layers[1].weight_hh[1, 1, 3, 2] += 1

    with pytest.raises(UserError, match=r"the graph's scores of task '.*' differ from the model's by"):
        compare_graph(model, TOKENIZER, tagger)


def test_another_way_to_decode_is_found(exported):
    model, tagger = exported
    with torch.no_grad():
        model.heads[1].crf.transitions.neg_()

    with pytest.raises(UserError, match="the labels of task 'ner' do not follow from its scores as in the model"):
        compare_graph(model, TOKENIZER, tagger)
