from __future__ import annotations

import json
import shutil

import pytest
import torch

from hf_sluice.analysis.recorded_search import search_of_run
from hf_sluice.errors import ModelFolderError
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.prediction.model_folder import load_tagger


@pytest.fixture
def copy(sparse_run, tmp_path):
    """A run to damage."""
    return shutil.copytree(sparse_run, tmp_path / "run", ignore=shutil.ignore_patterns("search"))


def change(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_run_tells_where_its_masks_come_from(sparse_run):
    search = search_of_run(sparse_run / "model")
    model = load_tagger(str(sparse_run)).model

    assert list(search.candidates) == model.config.task_names
    for task, chosen in search.chosen.items():
        assert chosen in search.candidates[task]
        kept = search.masks.at_round(task, chosen.round)
        assert all(torch.equal(kept[name], mask.cpu()) for name, mask in model.masks[task].items())


def test_a_model_elsewhere_has_no_search(sparse_run, demo_run, tmp_path):
    shutil.copytree(sparse_run / "model", tmp_path / "model")

    assert search_of_run(tmp_path / "model") is None
    assert search_of_run(demo_run / "model") is None


def test_another_model_in_the_folder_of_a_run_has_none_either(copy):
    shutil.copytree(copy / "model", copy / "part")

    assert search_of_run(copy / "model") is not None
    assert search_of_run(copy / "part") is None


def test_random_masks_were_not_searched_for(copy):
    MaskSet(MaskSet.load(copy / "masks.safetensors").masks).save(copy / "masks.safetensors")

    assert search_of_run(copy / "model") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda run: (run / "masks.safetensors").write_bytes(b"no masks"),
        lambda run: (run / "masks.safetensors").unlink(),
        lambda run: change(run / "results.json", search={"candidates": {"pos": [{"round": 0}]}, "chosen_round": {}}),
        lambda run: change(run / "results.json", search={"candidates": {"pos": []}, "chosen_round": {"pos": 1}}),
    ],
)
def test_a_damaged_record_is_named(copy, damage):
    damage(copy)
    with pytest.raises(ModelFolderError, match=f"^{copy}: the record of the search for masks is damaged"):
        search_of_run(copy / "model")
