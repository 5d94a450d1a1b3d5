import numpy as np
import pytest
import torch

from hf_sluice.models.architecture_of_model import mixing_of_model, subnets_of_model
from hf_sluice.models.extraction import extract_tasks
from tests.models.tiny_sluice import presets_of_tasks, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.mark.parametrize(("sharing", "number"), presets_of_tasks(3))
def test_alpha_and_beta_are_read_with_and_without_heads(sharing, number):
    model = tiny_model(number, dtype=torch.float32, sharing=sharing)
    for part in (model, model.sluice):
        found = mixing_of_model(part.config, part.state_dict())
        assert found.alpha.dtype == found.beta.dtype == np.float32
        assert np.array_equal(found.alpha, model.alpha.detach().numpy())
        assert np.array_equal(found.beta, model.beta.detach().numpy())
        assert (found.sharing, found.task_networks) == (sharing, model.config.networks_read())
        assert subnets_of_model(part.config, part.state_dict()) is None


def test_what_is_left_of_a_model_has_its_own_networks():
    part = extract_tasks(tiny_model(3, dtype=torch.float32), ["task2", "task1"])
    found = mixing_of_model(part.config, part.state_dict())
    assert (found.sharing, found.num_networks, found.task_networks) == ("fixed", 3, (2, 1))


def test_masks_are_read_with_and_without_heads():
    model = tiny_sparse_model(2, char_encoder="bilstm")
    for part in (model, model.sparse_sharing):
        found = subnets_of_model(part.config, part.state_dict())
        assert found.masks.shapes == model.config.masked_shapes()
        for task, masks in model.masks.items():
            assert all(torch.equal(found.masks.masks[task][name], mask) for name, mask in masks.items())
        assert found.sizes["char_encoder"] == "bilstm"
        assert mixing_of_model(part.config, part.state_dict()) is None


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_other_number_formats_are_read_as_float32(dtype):
    model = tiny_model(2, dtype=dtype)
    found = mixing_of_model(model.config, model.state_dict())
    assert np.array_equal(found.alpha, model.alpha.detach().float().numpy())


def test_a_state_counts_and_not_what_the_model_holds():
    model, other = (tiny_model(2, seed=seed, dtype=torch.float32) for seed in (0, 1))
    found = mixing_of_model(model.config, other.state_dict())
    assert np.array_equal(found.alpha, other.alpha.detach().numpy())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("sluice.alpha_weights.free"), r"^the model's state lacks alpha_weights\.free$"),
        (lambda state: state.update({"sluice.beta_weights.free": torch.zeros(1)}), "^beta_weights: size mismatch"),
        (lambda state: state["sluice.alpha_weights.free"].fill_(torch.nan), "^alpha holds a value that is not finite$"),
        (
            lambda state: state.update({n: v.to("meta") for n, v in state.items()}),
            r"^alpha_weights: .*Cannot copy out of meta tensor",
        ),
    ],
)
def test_a_state_without_a_usable_architecture_is_refused(change, message):
    model = tiny_model(2)
    state = model.state_dict()
    change(state)
    with pytest.raises(ValueError, match=message):
        mixing_of_model(model.config, state)
