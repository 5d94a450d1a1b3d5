from __future__ import annotations

import numpy as np
import onnx

from hf_sluice.export.quantisation import quantise
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from tests.export.exporting import NAMES, SENTENCES, save_tagger


def test_whole_numbers_say_about_the_same_in_less_space(tmp_path):
    save_tagger(tmp_path / "out", hidden_size=32, num_layers=1)
    quantise(tmp_path / "out")
    graphs = [tmp_path / "out" / name for name in ("model.onnx", "model_int8.onnx")]
    exact, rounded = (OnnxTagger(tmp_path / "out", graph.name).logits(SENTENCES[3:4], NAMES) for graph in graphs)

    assert graphs[1].stat().st_size < graphs[0].stat().st_size
    for name in NAMES:
        assert 0 < np.abs(exact[name] - rounded[name]).mean() < 0.05 * np.abs(exact[name]).mean()


def test_recurrences_and_heads_are_whole_numbers_and_alpha_is_not(tmp_path):
    save_tagger(tmp_path / "out")
    quantise(tmp_path / "out")
    operators = [node.op_type for node in onnx.load(tmp_path / "out" / "model_int8.onnx").graph.node]

    assert (operators.count("LSTM"), operators.count("DynamicQuantizeLSTM")) == (0, 9)  # networks × layers
    assert (operators.count("MatMul"), operators.count("MatMulInteger")) == (3, 6)  # α of 3 layers, heads of 3 tasks
