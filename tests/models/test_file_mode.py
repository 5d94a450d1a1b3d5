import os

import pytest
import torch

from hf_sluice.models.file_mode import give_usual_mode
from hf_sluice.models.mask_file import MaskSet
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.fixture(params=[0o022, 0o077, 0o002], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path):
    return path.stat().st_mode & 0o777


def test_a_file_gets_the_mode_of_any_other(tmp_path, umask):
    path = tmp_path / "file"
    path.touch(mode=0o600)
    give_usual_mode(path)
    assert mode(path) == 0o666 & ~umask
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_weights_may_be_read_by_those_who_may_read_the_configuration(tmp_path, umask, make):
    make(2).save_pretrained(tmp_path)
    assert mode(tmp_path / "model.safetensors") == mode(tmp_path / "config.json") == 0o666 & ~umask


def test_masks_may_be_read_like_any_other_file(tmp_path, umask):
    model = tiny_sparse_model(2, dtype=torch.float32)
    MaskSet(model.masks).save(tmp_path / "masks.safetensors")
    assert mode(tmp_path / "masks.safetensors") == 0o666 & ~umask
