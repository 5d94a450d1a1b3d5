"""What a sharing architecture fixes or ties stays so, whatever training, saving and loading do."""

import pytest
import torch

from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.sharing_table import sharing_table
from tests.models.tiny_sluice import presets_of_tasks, tiny_batch, tiny_config, tiny_labels

OPTIMIZERS = {
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.3, momentum=0.9, weight_decay=0.1),
    "adamw": lambda parameters: torch.optim.AdamW(parameters, lr=0.1, weight_decay=0.3),
}


def train(model, optimizer, steps=4):
    batch = tiny_batch()
    labels = tiny_labels(model.config, batch)
    model.train()
    for step in range(steps):
        name = model.config.task_names[step % len(labels)]
        model(**batch, labels=labels, tasks=[name] if step % 2 else None).loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def assert_as_the_table_says(weights, table):
    """Fixed entries have their value to the bit, the entries of a parameter are equal, and all parameters moved."""
    values, slots = weights.detach().numpy(), table.slots
    assert (values[slots < 0] == table.values[slots < 0]).all()
    for slot, start in enumerate(table.initial_free() if table.num_free else ()):
        [value] = set(values[slots == slot])
        assert value != start


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(1, 3))
def test_fixed_and_tied_entries_stay_so(sharing, tasks, optimizer, tmp_path):
    torch.manual_seed(0)
    model = SluiceForTokenClassification(tiny_config(tasks, sharing=sharing))
    table = sharing_table(model.config)
    train(model, optimizer(model.parameters()))
    assert_as_the_table_says(model.alpha, table.alpha)
    assert_as_the_table_says(model.beta, table.beta)
    model.save_pretrained(tmp_path)
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path)
    assert torch.equal(loaded.alpha, model.alpha)
    assert torch.equal(loaded.beta, model.beta)
    assert loaded.num_parameters() == model.num_parameters()
    train(loaded, optimizer(loaded.parameters()))
    assert_as_the_table_says(loaded.alpha, table.alpha)
    assert_as_the_table_says(loaded.beta, table.beta)
    assert table.alpha.num_free == 0 or not torch.equal(loaded.alpha, model.alpha)


@pytest.mark.parametrize("tasks", [1, 2, 4])
@pytest.mark.parametrize("layers", [1, 3])
def test_a_sluice_of_two_subspaces_learns_4km2_alphas_and_km_betas(tasks, layers):
    """Ruder et al. 2019, "Complexity"."""
    model = SluiceForTokenClassification(tiny_config(tasks, num_layers=layers, num_subspaces=2))
    learned = {name: p.numel() for name, p in model.sluice.named_parameters() if "alpha" in name or "beta" in name}
    assert learned == {"alpha_weights.free": 4 * layers * tasks**2, "beta_weights.free": layers * tasks}
