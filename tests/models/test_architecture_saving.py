import logging

import pytest
import torch
from safetensors.torch import load_file

from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.models.sharing_architecture import SharingArchitecture
from tests.models.tiny_sluice import tiny_batch, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

OF_MIXING = ["architecture.json", "config.json", "model.safetensors"]
OF_MASKS = ["architecture.json", "config.json", "masks.safetensors", "model.safetensors"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("make", "expected"), [(tiny_model, OF_MIXING), (tiny_sparse_model, OF_MASKS)], ids=["sluice", "sparse sharing"]
)
def test_it_stands_beside_the_weights_with_and_without_heads(tmp_path, make, expected):
    model = make(2, dtype=torch.float32)
    for number, part in enumerate((model, model.base)):
        folder = tmp_path / str(number)
        part.save_pretrained(folder)
        assert names(folder) == expected
        assert SharingArchitecture.load(folder).digest == SharingArchitecture.of_model(model).digest


def test_it_is_always_that_of_the_weights_it_stands_beside(tmp_path):
    for model in (tiny_sparse_model(2, 0), tiny_sparse_model(3, 1), tiny_model(2), tiny_sparse_model(2, 2)):
        model.save_pretrained(tmp_path)
        assert names(tmp_path) == (OF_MIXING if model.base_model_prefix == "sluice" else OF_MASKS)
        assert SharingArchitecture.load(tmp_path).digest == SharingArchitecture.of_model(model).digest


def test_a_model_loads_without_it_and_never_from_it(tmp_path):
    model = tiny_sparse_model(2, dtype=torch.float32)
    model.save_pretrained(tmp_path)
    for present in (True, False):
        loaded, report = SparseSharingForTokenClassification.from_pretrained(tmp_path, output_loading_info=True)
        assert not any(report.values())
        for task, logits in model(**tiny_batch()).logits.items():
            assert torch.equal(loaded(**tiny_batch()).logits[task], logits)
        if present:
            (tmp_path / "architecture.json").write_text("nonsense")
            (tmp_path / "masks.safetensors").write_bytes(b"nonsense")
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ValueError, match=r"model\.safetensors"):
        SparseSharingForTokenClassification.from_pretrained(tmp_path)


def test_weights_in_several_files_load_beside_it(tmp_path):
    model = tiny_sparse_model(2, dtype=torch.float32)
    model.save_pretrained(tmp_path, max_shard_size="4KB")
    shards = [name for name in names(tmp_path) if name.startswith("model-")]
    loaded, report = SparseSharingForTokenClassification.from_pretrained(tmp_path, output_loading_info=True)

    assert len(shards) > 2
    assert not any(report.values())
    assert all(torch.equal(loaded.state_dict()[name], value) for name, value in model.state_dict().items())
    model.save_pretrained(tmp_path, max_shard_size="1KB")
    assert {*OF_MASKS[:3], "model.safetensors.index.json"} <= set(names(tmp_path))
    assert SharingArchitecture.load(tmp_path).digest == SharingArchitecture.of_model(model).digest


def test_the_main_process_alone_writes(tmp_path):
    tiny_sparse_model(2).save_pretrained(tmp_path, is_main_process=False)
    tiny_sparse_model(2).save_pretrained(tmp_path, False)
    assert names(tmp_path) == []
    tiny_sparse_model(2).save_pretrained(tmp_path)
    tiny_model(2).save_pretrained(tmp_path, is_main_process=False)
    assert names(tmp_path) == OF_MASKS


def test_a_state_that_is_given_is_what_is_saved(tmp_path):
    model, other = (tiny_model(2, seed=seed, dtype=torch.float32) for seed in (0, 1))
    model.save_pretrained(tmp_path, state_dict=other.state_dict())

    assert SharingArchitecture.load(tmp_path).digest == SharingArchitecture.of_model(other).digest
    weights = load_file(tmp_path / "model.safetensors")["sluice.alpha_weights.free"]
    assert torch.equal(weights, other.sluice.alpha_weights.free)


def test_what_is_published_while_saving_is_whole(hub, tmp_path):
    model = tiny_sparse_model(2, dtype=torch.float32)
    model.save_pretrained(
        tmp_path / "mine", push_to_hub=True, repo_id="user/repo", commit_message="whole", private=True
    )

    assert set(OF_MASKS) < hub.repository("user/repo").files().keys()
    assert (hub.repository("user/repo").private, names(tmp_path / "mine")) == (True, OF_MASKS)
    assert SharingArchitecture.from_pretrained("user/repo").digest == SharingArchitecture.of_model(model).digest


@pytest.fixture
def warnings(caplog, monkeypatch):
    """What the model's logger says."""
    monkeypatch.setattr(logging.getLogger("transformers"), "propagate", True)
    return caplog


def test_a_model_that_has_diverged_is_saved_without(tmp_path, warnings):
    model = tiny_model(2, dtype=torch.float32)
    model.save_pretrained(tmp_path)
    with torch.no_grad():
        model.sluice.alpha_weights.free[0] = torch.nan
    model.save_pretrained(tmp_path)

    assert names(tmp_path) == ["config.json", "model.safetensors"]
    assert "saved without architecture.json: alpha holds a value that is not finite" in warnings.text
    assert SluiceForTokenClassification.from_pretrained(tmp_path).alpha.isnan().sum() == 1


def test_a_file_in_the_way_is_left_to_the_library(tmp_path):
    (tmp_path / "file").write_text("mine")
    tiny_model(2).save_pretrained(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
