from __future__ import annotations

import onnxruntime
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import Fail

from hf_sluice.prediction.onnx_tagger.graph_session import open_graph


def test_a_missing_graph_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"model\.onnx: there is no such graph"):
        open_graph(tmp_path / "model.onnx", 1)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08\x08\x12\x02me"])
def test_a_damaged_graph_is_named(tmp_path, content):
    (tmp_path / "model.onnx").write_bytes(content)

    with pytest.raises(ValueError, match=r"model\.onnx: damaged, no graph that can be run \(.+\)"):
        open_graph(tmp_path / "model.onnx", 1)


def test_what_is_wrong_with_it_takes_one_line(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise Fail("This is wrong\nin many ways")

    (tmp_path / "model.onnx").touch()
    monkeypatch.setattr(onnxruntime, "InferenceSession", fail)

    with pytest.raises(ValueError, match=r"can be run \(This is wrong\)$"):
        open_graph(tmp_path / "model.onnx", 1)
