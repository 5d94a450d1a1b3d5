from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hf_sluice.export.folder import export_tagger
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.prediction.model_folder import SavedTagger
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from tests.export.exporting import NAMES, SENTENCES
from tests.models.tiny_tagging import WORDS, tiny_tagger

FEATURES = ["norm", "prefix2", "suffix3", "shape"]
WITHOUT_THE_PACKAGE = """
import json, sys
sys.modules["hf_sluice"] = sys.modules["torch"] = None  # importing them fails
sys.path.insert(0, sys.argv[1])
from onnx_tagger import OnnxTagger
print(json.dumps(list(OnnxTagger(sys.argv[1]).tag(json.loads(sys.argv[2])))))
"""


@pytest.fixture(scope="module", params=["none", "bilstm"])
def exported(request, tmp_path_factory):
    """A folder and the model that was exported to it, its scores compared in doing so."""
    folder = tmp_path_factory.mktemp("exported")
    tokenizer = TaggerTokenizer.train_from_words([WORDS], word_features=FEATURES)
    model = tiny_tagger(char_encoder=request.param, word_features=FEATURES, feature_rows=50)
    export_tagger(SavedTagger(model, tokenizer, Path("its/folder")), NAMES, folder, 17)
    return folder, model, tokenizer


def test_an_exported_tagger_reads_features(exported):
    folder, model, tokenizer = exported
    inputs = tokenizer(SENTENCES, is_split_into_words=True, padding=True, return_tensors="pt")
    decoded = model.decode(model(**inputs).logits, inputs["attention_mask"])
    labels = model.config.tasks[0]["labels"]
    for row, tagged in enumerate(OnnxTagger(folder).tag(SENTENCES)):
        ids = decoded["pos"][row, : len(SENTENCES[row])]
        assert tagged["pos"] == [labels[i] for i in ids.tolist()]


def test_a_folder_brings_along_what_makes_features(exported):
    folder, _, _ = exported
    command = [sys.executable, "-c", WITHOUT_THE_PACKAGE, str(folder), json.dumps(SENTENCES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == list(OnnxTagger(folder).tag(SENTENCES))


@pytest.mark.parametrize("features", ["norm", ["size"], 3, [None]])
def test_damaged_features_are_named(exported, tmp_path, features):
    description = json.loads((exported[0] / "tagger.json").read_text())
    (tmp_path / "tagger.json").write_text(json.dumps(description | {"word_features": features}))
    with pytest.raises(ValueError, match=r"tagger.json: .*(word_features|iterable)"):
        OnnxTagger(tmp_path)
