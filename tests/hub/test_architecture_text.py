from __future__ import annotations

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.errors import ModelFolderError
from hf_sluice.hub.architecture_text import architecture_text


@pytest.mark.parametrize("name", ["demo_run", "sparse_run"])
def test_a_model_that_was_saved_without_one_says_the_same(name, request, tmp_path):
    model = request.getfixturevalue(name) / "model"
    shutil.copytree(model, tmp_path / "model")
    (tmp_path / "model" / "architecture.json").unlink()
    saved, found = architecture_text(model), architecture_text(tmp_path / "model")

    assert saved == (model / "architecture.json").read_text(encoding="utf-8")
    assert apart_from_the_commit(found) == apart_from_the_commit(saved)


def apart_from_the_commit(text):
    values = json.loads(text)
    return {**values, "origin": {**values["origin"], "commit": None}}


def test_weights_that_are_no_numbers_are_refused(demo_run, tmp_path):
    shutil.copytree(demo_run / "model", tmp_path / "model")
    (tmp_path / "model" / "architecture.json").unlink()
    weights = load_file(tmp_path / "model" / "model.safetensors")
    for name, values in weights.items():
        if "alpha" in name and values.is_floating_point():
            weights[name] = torch.full_like(values, torch.nan)
    save_file(weights, tmp_path / "model" / "model.safetensors", metadata={"format": "pt"})

    with pytest.raises(ModelFolderError, match="not finite"):
        architecture_text(tmp_path / "model")
