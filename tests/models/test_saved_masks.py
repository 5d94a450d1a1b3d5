import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification, SparseSharingModel
from hf_sluice.models.saved_masks import check_saved_masks
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.fixture
def folder(tmp_path):
    tiny_sparse_model(2, dtype=torch.float32).save_pretrained(tmp_path)
    return tmp_path


def changed(folder, change):
    path = folder / "model.safetensors"
    save_file({name: change(name, tensor) for name, tensor in load_file(path).items()}, path, {"format": "pt"})


@pytest.mark.parametrize(("dtype", "named"), [(torch.float32, "F32"), (torch.int8, "I8"), (torch.bool, "BOOL")])
@pytest.mark.parametrize("model_class", [SparseSharingForTokenClassification, SparseSharingModel])
def test_masks_of_another_type_are_refused_though_their_shape_is_right(folder, dtype, named, model_class):
    changed(folder, lambda name, tensor: tensor.to(dtype) if name.endswith("layers__0__weight_hh") else tensor)
    with pytest.raises(ValueError, match=rf"layers__0__weight_hh: masks should be packed bits \(U8\), not {named}"):
        model_class.from_pretrained(folder)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_packed_masks_are_taken_whatever_the_type_of_the_weights(tmp_path, dtype):
    model = tiny_sparse_model(2, dtype=dtype)
    model.save_pretrained(tmp_path)
    loaded = SparseSharingForTokenClassification.from_pretrained(tmp_path)
    assert loaded.dtype == dtype
    ours, saved = loaded.masks, model.masks
    assert all(torch.equal(ours[task][name], saved[task][name]) for task in saved for name in saved[task])


def test_a_model_in_no_file_of_that_name_is_not_looked_at(tmp_path):
    check_saved_masks(tmp_path, {})
