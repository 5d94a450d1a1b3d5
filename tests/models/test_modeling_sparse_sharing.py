import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from tests.models.reference_subnets import logits as plain_logits
from tests.models.test_saving import IN_ANOTHER_PROCESS, PACKAGE_ROOT
from tests.models.tiny_sluice import tiny_batch, tiny_labels
from tests.models.tiny_sparse_sharing import random_masks, tiny_sparse_config, tiny_sparse_model

WITH_THE_PACKAGE = """
from hf_sluice import SparseSharingForTokenClassification
model = SparseSharingForTokenClassification.from_pretrained(folder)
"""
FIELDS = ("tasks", "vocab_size", "char_vocab_size", "word_embedding_size", "char_encoder", "char_embedding_size",
          "char_filters", "char_hidden_size", "hidden_size", "num_layers", "head_hidden_size", "decoder", "noise",
          "dropout")  # fmt: skip
KINDS = [{"char_encoder": kind, "num_layers": layers} for kind in ("cnn", "bilstm", "none") for layers in (1, 2, 3)]


def same_base(config, **values):
    """A sluice configuration of the same network."""
    return SluiceConfig(**{name: getattr(config, name) for name in FIELDS}, num_subspaces=1, **values)


def of_sentence(batch, number):
    """Word ids and the characters of each word of a sentence, without padding."""
    words = batch["attention_mask"][number].sum()
    forms = [batch["char_ids"][row] for row in batch["char_index"][number, :words]]
    return batch["input_ids"][number, :words], [form[form != 0] for form in forms]


def trained(model, config, steps=4, lr=0.3, tasks=None):
    """The model after a few steps of SGD with momentum; tasks take turns where some are named."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=0.01)
    batch = tiny_batch()
    labels = tiny_labels(config, batch)
    model.train()
    for step in range(steps):
        torch.manual_seed(step)
        asked = None if tasks is None else [tasks[step % len(tasks)]]
        model(**batch, labels=labels, tasks=asked).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model


@pytest.mark.parametrize("values", KINDS, ids=str)
def test_each_task_is_the_network_of_its_masked_weights(values):
    model = tiny_sparse_model(3, **values)
    batch = tiny_batch()
    together = model(**batch).logits
    for task in model.config.task_names:
        for number in range(len(batch["input_ids"])):
            ids, words = of_sentence(batch, number)
            expected = plain_logits(model, task, values["num_layers"], ids, words)
            torch.testing.assert_close(together[task][number, : len(ids)], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("char_encoder", ["cnn", "bilstm"])
def test_gradients_are_those_of_the_network_of_masked_weights(char_encoder):
    model = tiny_sparse_model(2, char_encoder=char_encoder)
    batch = tiny_batch((5, 3))
    ours = model(**batch).logits
    sum(logits[0, :5].square().sum() + logits[1, :3].square().sum() for logits in ours.values()).backward()
    got = {name: p.grad.clone() for name, p in model.named_parameters()}
    model.zero_grad()
    for task in model.config.task_names:
        for number in range(2):
            plain_logits(model, task, 2, *of_sentence(batch, number)).square().sum().backward()
    for name, parameter in model.named_parameters():
        if "embedding" not in name:  # of padding the package takes no gradient
            torch.testing.assert_close(got[name], parameter.grad, rtol=0, atol=1e-9, msg=name)


def test_no_gradient_reaches_what_a_task_does_not_use():
    model = tiny_sparse_model(3)
    batch = tiny_batch()
    model(**batch, labels=tiny_labels(model.config, batch), tasks=["task1"]).loss.backward()
    subnet = model.subnet(["task1"])
    weights = dict(model.named_parameters())
    assert subnet
    for name, kept in subnet.items():
        assert not weights[name].grad[~kept].any()
        assert weights[name].grad[kept].any()
    assert all((weight.grad is None) == ("heads.0." in n or "heads.2." in n) for n, weight in weights.items())


def test_one_batch_of_each_task_adds_up_to_the_sum_of_the_single_gradients():
    model = tiny_sparse_model(3)
    batches = {task: tiny_batch((4, 2), seed) for seed, task in enumerate(model.config.task_names)}
    single = {}
    for task, batch in batches.items():
        model(**batch, labels=tiny_labels(model.config, batch), tasks=[task]).loss.backward()
        for name, parameter in model.named_parameters():
            if parameter.grad is not None:
                single[name] = single.get(name, 0) + parameter.grad
        model.zero_grad()
    for task, batch in batches.items():
        model(**batch, labels=tiny_labels(model.config, batch), tasks=[task]).loss.backward()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.grad, single[name], rtol=0, atol=1e-12, msg=name)


@pytest.mark.parametrize("tasks", [None, ["task0", "task1"]], ids=["joint", "per task"])
@pytest.mark.parametrize("values", [*KINDS[:4], {"dropout": 0.4, "noise": 0.1}], ids=str)
def test_masks_of_ones_are_hard_sharing_bit_for_bit(values, tasks):
    config = tiny_sparse_config(2, **values)
    torch.manual_seed(5)
    sparse = SparseSharingForTokenClassification(config)
    torch.manual_seed(5)
    hard = SluiceForTokenClassification(same_base(config, sharing="hard_sharing"))
    named = zip(sparse.named_parameters(), hard.named_parameters(), strict=True)
    assert all(torch.equal(ours, theirs) for (_, ours), (_, theirs) in named)
    trained(sparse, config, tasks=tasks)
    trained(hard, config, tasks=tasks)
    for (name, ours), (_, theirs) in zip(sparse.named_parameters(), hard.named_parameters(), strict=True):
        assert torch.equal(ours, theirs), name


def test_masks_of_layers_are_hierarchical_sharing():
    config = tiny_sparse_config(2, num_layers=2)
    torch.manual_seed(5)
    sparse = SparseSharingForTokenClassification(config)
    torch.manual_seed(5)
    direct = SluiceForTokenClassification(
        same_base(config, sharing="low_supervision", task_layers={"task0": 1, "task1": 2})
    )
    whole = {name: torch.ones(shape, dtype=torch.bool) for name, shape in config.masked_shapes().items()}
    lower = {name: torch.zeros_like(kept) if "layers.1" in name else kept for name, kept in whole.items()}
    sparse.set_masks({"task0": lower, "task1": whole})
    batch = tiny_batch()
    ours, theirs = sparse.eval()(**batch).logits, direct.eval()(**batch).logits
    assert all(torch.equal(ours[task], theirs[task]) for task in ours)
    trained(sparse, config)
    trained(direct, config)
    # Gradients of the lower layer are the same, added up in another order.
    for (name, one), (_, other) in zip(sparse.named_parameters(), direct.named_parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-6, msg=name)


def test_some_tasks_are_computed_as_among_all():
    model = tiny_sparse_model(3)
    batch = tiny_batch()
    together = model(**batch).logits
    for tasks in (["task2"], ["task2", "task0"]):
        some = model(**batch, tasks=tasks).logits
        assert list(some) == tasks
        for task in tasks:
            torch.testing.assert_close(some[task], together[task], rtol=0, atol=1e-12)


def test_padding_and_company_change_nothing():
    model = tiny_sparse_model(2)
    batch = tiny_batch((5, 3, 1))
    together = model(**batch).logits
    for number, length in enumerate((5, 3, 1)):
        alone = {name: value[number : number + 1, :length] for name, value in batch.items() if name != "char_ids"}
        for task, logits in model(**alone, char_ids=batch["char_ids"]).logits.items():
            torch.testing.assert_close(logits[0], together[task][number, :length], rtol=0, atol=1e-12)


def test_new_masks_take_effect_at_once():
    model = tiny_sparse_model(2)
    batch = tiny_batch()
    before = model(**batch).logits["task0"]
    model.set_masks({"task0": random_masks(model.config, seed=9)["task0"]})
    after = model(**batch).logits["task0"]
    assert not torch.equal(before, after)
    ids, words = of_sentence(batch, 0)
    expected = plain_logits(model, "task0", 2, ids, words)
    torch.testing.assert_close(after[0, : len(ids)], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("equal", "passes"), [(("task0", "task1", "task2"), [1, 1]), (("task0", "task2"), [2, 2])])
def test_tasks_of_equal_masks_are_computed_once(equal, passes):
    model = tiny_sparse_model(3)
    mask = model.masks[equal[0]]
    model.set_masks(dict.fromkeys(equal, mask))
    counts = [0, 0]
    for number, layer in enumerate(model.sparse_sharing.layers):
        layer.register_forward_hook(lambda *_, number=number: counts.__setitem__(number, counts[number] + 1))
    together = model(**tiny_batch()).logits
    assert counts == passes
    for task in model.config.task_names:
        alone = model(**tiny_batch(), tasks=[task]).logits[task]
        torch.testing.assert_close(together[task], alone, rtol=0, atol=1e-12)


def test_tagging_without_gradients_first_leaves_training_as_it_is():
    def gradients(model):
        batch = tiny_batch()
        model(**batch, labels=tiny_labels(model.config, batch)).loss.backward()
        return {name: parameter.grad for name, parameter in model.named_parameters()}

    expected, model = gradients(tiny_sparse_model(2)), tiny_sparse_model(2)
    with torch.inference_mode():
        model(**tiny_batch())
    for name, gradient in gradients(model).items():
        assert torch.equal(gradient, expected[name]), name


def test_masks_survive_saving_and_a_new_process(tmp_path):
    model = tiny_sparse_model(2, dtype=torch.float32)
    model.save_pretrained(tmp_path / "model")
    batch = tiny_batch()
    save_file({name: value.contiguous() for name, value in batch.items()}, tmp_path / "inputs")
    script = IN_ANOTHER_PROCESS.format(load=WITH_THE_PACKAGE)
    arguments = [str(tmp_path / name) for name in ("model", "inputs", "logits")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=PACKAGE_ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = load_file(tmp_path / "logits")
    with torch.no_grad():
        expected = model(**batch).logits
    assert all(torch.equal(found[task], expected[task]) for task in expected)
    loaded = SparseSharingForTokenClassification.from_pretrained(tmp_path / "model")
    for task, of_task in model.masks.items():
        for name, mask in of_task.items():
            assert loaded.masks[task][name].dtype == torch.bool
            assert torch.equal(loaded.masks[task][name], mask)


def test_masks_take_a_bit_per_weight_and_task(tmp_path):
    model = tiny_sparse_model(3, dtype=torch.float32, hidden_size=64, num_layers=2)
    model.save_pretrained(tmp_path)
    saved = load_file(tmp_path / "model.safetensors")
    masks = {name: value for name, value in saved.items() if "task_masks" in name}
    bits = sum(8 * value.numel() * value.element_size() for value in masks.values())
    weights = sum(mask.numel() for of_task in model.masks.values() for mask in of_task.values())
    assert bits <= 1.05 * weights


def test_masks_with_stray_bits_are_refused_when_they_are_loaded(tmp_path):
    model = tiny_sparse_model(2, dtype=torch.float32, char_filters=5, char_embedding_size=3)  # 45 weights: 3 bits spare
    model.save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    saved = load_file(path)
    (name,) = (name for name in saved if "task_masks" in name and "characters" in name)
    saved[name][0, -1] |= 1
    save_file(saved, path, {"format": "pt"})
    with pytest.raises(ValueError, match=r"words\.characters\.weight: bits are set beyond its weights"):
        SparseSharingForTokenClassification.from_pretrained(tmp_path)
