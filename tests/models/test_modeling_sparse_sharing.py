import copy

import numpy as np
import pytest
import torch

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.maskable_parameters import maskable_parameters
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from tests.models import reference_subnets as reference
from tests.models.test_equivalence import expected_loss, sentences
from tests.models.tiny_sluice import randomise, tiny_batch, tiny_labels
from tests.models.tiny_sparse_sharing import random_masks, tiny_sparse_config, tiny_sparse_model

CASES = {
    "convolution": {"num_layers": 1},
    "convolution, two layers": {},
    "BiLSTM of characters": {"char_encoder": "bilstm"},
    "no characters, three layers": {"char_encoder": "none", "num_layers": 3},
    "wide filters": {"char_filter_width": 5, "num_layers": 1},
    "convolution masked alone": {"masked_parameters": ["words.characters.weight"]},
    "recurrent weights masked alone": {"masked_parameters": ["layers.0.weight_hh", "layers.1.weight_hh"]},
    "one layer masked": {"masked_parameters": ["layers.1.weight_hh", "layers.1.weight_ih"]},
    "characters masked in part": {"char_encoder": "bilstm", "masked_parameters": ["words.characters.lstm.weight_hh"]},
    "tasks of different depth": {"num_layers": 3, "depths": {"task0": 2, "task2": 1}},
}
every_case = pytest.mark.parametrize("values", CASES.values(), ids=CASES)

# Fields that hard sharing and sparse sharing have in common, in training as the paper has it.
TRAINING = {"dropout": 0.5, "noise": 0.1}


def gradients(model, loss):
    """Of every parameter by its name in the model without heads, or in the tagger."""
    found = torch.autograd.grad(loss, list(model.parameters()), materialize_grads=True)
    names = [name.removeprefix(f"{model.base_model_prefix}.") for name, _ in model.named_parameters()]
    return dict(zip(names, found, strict=True))


def whole_masks(config):
    return {
        task: {name: torch.ones(shape, dtype=torch.bool) for name, shape in config.masked_shapes().items()}
        for task in config.task_names
    }


@every_case
@pytest.mark.parametrize("num_tasks", [1, 3])
def test_a_task_sees_the_weights_that_its_mask_keeps(values, num_tasks):
    """One pass for all tasks against a plain network for each sentence and task: logits, loss and all gradients."""
    model, batch = tiny_sparse_model(num_tasks, seed=4, **values), tiny_batch()
    labels, depths = tiny_labels(model.config, batch), values.get("depths", {})
    expected = {
        row: [
            reference.logits(model, task, depths.get(task, model.config.num_layers), input_ids, words)
            for task in model.config.task_names
        ]
        for row, input_ids, words in sentences(batch)
    }
    output = model(**batch, labels=labels)
    for row, of_tasks in expected.items():
        for task, logits in zip(model.config.task_names, of_tasks, strict=True):
            torch.testing.assert_close(output.logits[task][row, : len(logits)], logits, rtol=0, atol=1e-10)
    loss = expected_loss(model, expected, labels)
    torch.testing.assert_close(output.loss, loss, rtol=0, atol=1e-10)
    theirs = gradients(model, loss)
    for name, gradient in gradients(model, output.loss).items():
        torch.testing.assert_close(gradient, theirs[name], rtol=0, atol=1e-10)
        assert gradient.any(), name


def single_task(model, task, depth):
    """An ordinary tagger of one task with the mask multiplied into its weights."""
    shared = {name: getattr(model.config, name) for name in model.config.recipe_fields()
              if name not in ("masked_parameters", "default_task")}  # fmt: skip
    index = model.config.task_index(task)
    config = SluiceConfig(**{**shared, "tasks": [model.config.tasks[index]], "num_layers": depth,
                             "sharing": "single_task"})  # fmt: skip
    single = SluiceForTokenClassification(config).to(model.dtype).eval()
    weights, masks = dict(model.sparse_sharing.named_parameters()), model.masks[task]
    with torch.no_grad():
        for name, parameter in single.sluice.named_parameters():
            parameter.copy_(weights[name] * masks[name] if name in masks else weights[name])
        single.heads[0].load_state_dict(model.heads[index].state_dict())
    return single


@every_case
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_task_is_the_single_task_model_with_its_mask_folded_in(values, dtype):
    """Bit for bit where a pass is asked for one task; the filters of several are convolved at once."""
    model, batch = tiny_sparse_model(3, dtype=dtype, **values), tiny_batch()
    together = model(**batch).logits
    for task, logits in together.items():
        folded = single_task(model, task, values.get("depths", {}).get(task, model.config.num_layers))
        expected = folded(**batch).logits[task]
        assert torch.equal(model(**batch, tasks=[task]).logits[task], expected)
        torch.testing.assert_close(logits, expected, rtol=0, atol=1e-5 if dtype == torch.float32 else 1e-12)


@every_case
def test_a_task_leaves_no_gradient_outside_of_its_subnet(values):
    model, batch = tiny_sparse_model(3, **values), tiny_batch()
    labels, parameters = tiny_labels(model.config, batch), dict(model.named_parameters())
    for task in model.config.task_names:
        model.zero_grad()
        model(**batch, labels=labels, tasks=[task]).loss.backward()
        subnet, masks = model.subnet([task]), model.masks[task]
        assert set(subnet) == {f"sparse_sharing.{name}" for name, mask in masks.items() if not mask.all()}
        for name, kept in subnet.items():
            assert torch.equal(kept, masks[name.removeprefix("sparse_sharing.")])
            gradient = parameters[name].grad
            if gradient is None:  # of a layer above the task
                assert not kept.any()
            else:
                assert not gradient[~kept].any()
                assert gradient[kept].any()
        for other, head in zip(model.config.task_names, model.heads, strict=True):
            assert all((parameter.grad is None) == (other != task) for parameter in head.parameters())


@every_case
def test_the_gradient_of_all_tasks_is_the_sum_of_their_own(values):
    model, batch = tiny_sparse_model(3, **values), tiny_batch()
    labels = tiny_labels(model.config, batch)
    together = gradients(model, model(**batch, labels=labels).loss)
    alone = [gradients(model, model(**batch, labels=labels, tasks=[t]).loss) for t in model.config.task_names]
    for name, gradient in together.items():
        torch.testing.assert_close(gradient, sum(of[name] for of in alone), rtol=0, atol=1e-10)


def test_weights_that_no_task_keeps_are_never_read():
    model, batch = tiny_sparse_model(2), tiny_batch()
    before = model(**batch).logits
    outside = {name: ~kept for name, kept in model.subnet(model.config.task_names).items()}
    assert all(mask.any() for mask in outside.values())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name in outside:
                parameter[outside[name]] = 1e6
    for task, logits in model(**batch).logits.items():
        assert torch.equal(logits, before[task])


def test_a_subnet_of_several_tasks_is_the_union():
    model = tiny_sparse_model(3)
    masks = model.masks
    for name, kept in model.subnet(["task0", "task2"]).items():
        name = name.removeprefix("sparse_sharing.")
        assert torch.equal(kept, masks["task0"][name] | masks["task2"][name])
        assert torch.equal(model.sparse_sharing.subnet(["task2", "task0"])[name], kept)
    model.set_masks({"task1": whole_masks(model.config)["task1"]})
    assert model.subnet(["task0", "task1"]) == {}
    with pytest.raises(ValueError, match="'pos' is none of this model's tasks: task0, task1, task2"):
        model.subnet(["pos"])


# --- hard and hierarchical sharing are masks


def twins(sharing="hard_sharing", num_tasks=3, seed=2, **values):
    """A model of one network with heads on it, and one of sparse sharing with the same fields and seed."""
    config = tiny_sparse_config(num_tasks, **TRAINING, **values)
    task_layers = {"task0": 2, "task1": 1, "task2": config.num_layers} if sharing == "low_supervision" else None
    shared = {n: getattr(config, n) for n in config.recipe_fields() if n not in ("masked_parameters", "default_task")}
    torch.manual_seed(seed)
    direct = SluiceForTokenClassification(
        SluiceConfig(tasks=config.tasks, vocab_size=config.vocab_size, char_vocab_size=config.char_vocab_size,
                     sharing=sharing, task_layers=task_layers, **shared)
    )  # fmt: skip
    torch.manual_seed(seed)
    masked = SparseSharingForTokenClassification(config)
    if task_layers:
        masks = whole_masks(config)
        for task, depth in task_layers.items():
            for name, mask in masks[task].items():
                if name.startswith(tuple(f"layers.{layer}." for layer in range(depth, config.num_layers))):
                    mask.zero_()
        masked.set_masks(masks)
    return direct.train(), masked.train()


def assert_same_parameters(direct, masked):
    ours = [parameter for _, parameter in masked.named_parameters()]
    theirs = [parameter for _, parameter in direct.named_parameters()]
    for one, other in zip(ours, theirs, strict=True):
        assert torch.equal(one, other)
        assert (one.grad is None) == (other.grad is None)
        assert one.grad is None or torch.equal(one.grad, other.grad)


OPTIMIZERS = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=0.01),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.1),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("sharing", ["hard_sharing", "low_supervision"])
@pytest.mark.parametrize(
    "values",
    [{}, {"num_layers": 3}, {"char_encoder": "bilstm"}, {"char_encoder": "none"}, {"decoder": "mlp_crf"}],
    ids=["", "three layers", "bilstm", "none", "mlp_crf"],
)
def test_masks_of_whole_layers_train_as_the_direct_form_does_bit_for_bit(optimizer, sharing, values):
    """From one seed, with dropout and noise: parameters, logits, losses and gradients, joint steps and single ones.

    All masks of ones are hard sharing. Masks without what lies above a layer are hierarchical sharing, here the
    low-layer supervision of Søgaard & Goldberg (2016).
    """
    direct, masked = twins(sharing, **values)
    assert_same_parameters(direct, masked)
    batch = tiny_batch()
    labels = tiny_labels(direct.config, batch)
    optimizers = [optimizer(model.parameters()) for model in (direct, masked)]
    for step, tasks in enumerate((None, ["task1"], None, ["task2", "task0"])):
        outputs = []
        for model, of_model in zip((direct, masked), optimizers, strict=True):
            torch.manual_seed(step)
            of_model.zero_grad()
            outputs.append(model(**batch, labels=labels, tasks=tasks))
            outputs[-1].loss.backward()
        expected, got = outputs
        assert torch.equal(got.loss, expected.loss)
        assert list(got.logits) == list(expected.logits)
        assert all(torch.equal(got.logits[task], logits) for task, logits in expected.logits.items())
        assert_same_parameters(direct, masked)
        for of_model in optimizers:
            of_model.step()
        assert_same_parameters(direct, masked)
    for model in (direct, masked):
        model.eval()
    expected = direct(**batch).logits
    assert all(torch.equal(logits, expected[task]) for task, logits in masked(**batch).logits.items())


# --- what does not matter


@every_case
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_padding_and_company_change_nothing(values, dtype):
    model, lengths = tiny_sparse_model(2, dtype=dtype, **values), (5, 3, 1)
    batch, tolerance = tiny_batch(lengths), 1e-5 if dtype == torch.float32 else 1e-12
    together = model(**batch).logits
    for row, length in enumerate(lengths):
        alone = {name: batch[name][row : row + 1, :length] for name in ("input_ids", "char_index", "attention_mask")}
        for task, logits in model(**alone, char_ids=batch["char_ids"]).logits.items():
            torch.testing.assert_close(together[task][row : row + 1, :length], logits, rtol=0, atol=tolerance)
    wider = {name: torch.nn.functional.pad(value, (0, 4)) for name, value in batch.items()}
    for task, logits in model(**wider).logits.items():
        torch.testing.assert_close(logits[:, :5], together[task], rtol=0, atol=tolerance)


@every_case
def test_some_tasks_are_a_part_of_all(values):
    model, batch = tiny_sparse_model(3, **values), tiny_batch()
    everything = model(**batch).logits
    for tasks in (["task0"], ["task2", "task0"], ["task1", "task1"]):
        some = model(**batch, tasks=tasks).logits
        assert list(some) == list(dict.fromkeys(tasks))
        for task, logits in some.items():
            torch.testing.assert_close(logits, everything[task], rtol=0, atol=1e-12)


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 0, 1)])
def test_permuting_the_tasks_permutes_the_results(order):
    model, batch = tiny_sparse_model(3, depths={"task1": 1}), tiny_batch()
    permuted = tiny_sparse_model(3, tasks=[model.config.tasks[i] for i in order])
    permuted.sparse_sharing.load_state_dict(dict(model.sparse_sharing.named_parameters()), strict=False)
    for head, i in zip(permuted.heads, order, strict=True):
        head.load_state_dict(model.heads[i].state_dict())
    permuted.set_masks(model.masks)
    labels = tiny_labels(model.config, batch)
    expected, got = model(**batch, labels=labels), permuted(**batch, labels=labels)
    torch.testing.assert_close(got.loss, expected.loss, rtol=0, atol=1e-12)
    ours, theirs = gradients(permuted, got.loss), gradients(model, expected.loss)
    for name, gradient in theirs.items():
        if not name.startswith("heads."):
            torch.testing.assert_close(ours[name], gradient, rtol=0, atol=1e-10)
    for task, logits in expected.logits.items():
        torch.testing.assert_close(got.logits[task], logits, rtol=0, atol=1e-12)


def runs(model, **asked):
    """How often a forward pass runs each layer."""
    counts = [0] * len(model.sparse_sharing.layers)

    def count(layer):
        def hook(*_):
            counts[layer] += 1

        return hook

    handles = [module.register_forward_hook(count(i)) for i, module in enumerate(model.sparse_sharing.layers)]
    model(**tiny_batch(), **asked)
    for handle in handles:
        handle.remove()
    return counts


@pytest.mark.parametrize("training", [False, True])
def test_networks_with_equal_masks_are_run_once(training):
    model = tiny_sparse_model(3, num_layers=3).train(training)
    assert runs(model) == [3, 3, 3]
    assert runs(model, tasks=["task1"]) == [1, 1, 1]
    masks = model.masks
    model.set_masks({"task2": masks["task0"]})
    assert runs(model) == [2, 2, 2]
    only_at_the_top = {**masks["task0"], "layers.2.weight_hh": masks["task1"]["layers.2.weight_hh"]}
    model.set_masks({"task2": only_at_the_top})
    assert runs(model) == [2, 2, 3]
    model.set_masks(whole_masks(model.config))
    assert runs(model) == [1, 1, 1]
    two_layers = {name: mask & (not name.startswith("layers.2.")) for name, mask in masks["task0"].items()}
    model.set_masks({"task0": two_layers, "task1": masks["task0"], "task2": masks["task0"]})
    assert runs(model) == [1, 1, 1]
    assert runs(model, tasks=["task0"]) == [1, 1, 0]


# --- masks that change


def assert_sees_its_masks(model):
    """What a model computes is what one computes that was made with its parameters and masks."""
    fresh = SparseSharingForTokenClassification(copy.deepcopy(model.config)).to(model.dtype).eval()
    fresh.load_state_dict({name: value.clone() for name, value in model.state_dict().items()})
    batch = tiny_batch()
    expected = fresh(**batch).logits
    for task, logits in model.eval()(**batch).logits.items():
        assert torch.equal(logits, expected[task])


def set_masks(model):
    model.set_masks({"task1": random_masks(model.config, seed=8)["task1"]})
    return model


def load_state(model):
    model.load_state_dict(tiny_sparse_model(2, seed=8).state_dict())
    return model


def swap_in_place(model):
    for buffer in model.sparse_sharing.task_masks.buffers():
        buffer.copy_(buffer.flip(0))
    return model


CHANGES = {
    "set_masks": set_masks,
    "load_state_dict": load_state,
    "in place": swap_in_place,
    "to single precision": lambda model: model.to(torch.float32),
    "to half precision": lambda model: model.to(torch.bfloat16),
    "deepcopy": lambda model: set_masks(copy.deepcopy(model)),
    "deepcopy of a change": lambda model: copy.deepcopy(set_masks(model)),
    "precision and masks": lambda model: set_masks(model.float()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("values", [{}, {"char_encoder": "bilstm", "num_layers": 1}], ids=["", "bilstm"])
def test_masks_that_change_after_a_pass_take_effect(change, values):
    if change is load_state and values:
        pytest.skip("the other state is of the first kind")
    model, batch = tiny_sparse_model(2, **values), tiny_batch()
    before = model(**batch).logits["task1"]
    changed = change(model)
    assert not torch.equal(changed(**batch).logits["task1"].double(), before)
    assert_sees_its_masks(changed)


def test_a_copy_and_its_original_do_not_share_masks():
    model, batch = tiny_sparse_model(2), tiny_batch()
    before = model(**batch).logits
    set_masks(copy.deepcopy(model))(**batch)
    for task, logits in model(**batch).logits.items():
        assert torch.equal(logits, before[task])


def test_what_was_prepared_without_gradients_serves_those_that_need_them():
    model, batch = tiny_sparse_model(2), tiny_batch()
    with torch.inference_mode():
        model(**batch)
    labels = tiny_labels(model.config, batch)
    got = gradients(model, model(**batch, labels=labels).loss)
    fresh = tiny_sparse_model(2)
    expected = gradients(fresh, fresh(**batch, labels=labels).loss)
    assert all(torch.equal(got[name], gradient) for name, gradient in expected.items())


def test_masks_are_read_by_task_and_parameter():
    model = tiny_sparse_model(2)
    expected = random_masks(model.config)
    for masks in (model.masks, model.sparse_sharing.masks):
        assert list(masks) == model.config.task_names
        for task, of_task in expected.items():
            assert list(masks[task]) == model.config.masked_parameters
            for name, mask in of_task.items():
                assert masks[task][name].dtype == torch.bool
                assert torch.equal(masks[task][name], mask)
    model.masks["task0"]["layers.0.weight_ih"].zero_()
    assert model.masks["task0"]["layers.0.weight_ih"].any()


def test_masks_that_are_none_of_the_model_s_are_refused():
    model = tiny_sparse_model(2)
    with pytest.raises(ValueError, match=r"masks of 'task0': layers.0.weight_ih should be of shape \(1, 2, 32, 11\)"):
        model.set_masks(random_masks(tiny_sparse_config(2, hidden_size=9)))
    with pytest.raises(ValueError, match="masks: task 'task2' is none of task0, task1"):
        model.set_masks(random_masks(tiny_sparse_config(3)))


# --- the rest of a model


def test_the_model_without_heads_gives_the_states_that_the_heads_read():
    model, batch = tiny_sparse_model(3, depths={"task1": 1}), tiny_batch()
    states = model.sparse_sharing(**batch).last_hidden_state
    assert states.shape == (3, 3, 5, 16)
    for head, state, logits in zip(model.heads, states, model(**batch).logits.values(), strict=True):
        assert torch.equal(head(state), logits)


def test_dropout_acts_in_training_only():
    model, batch = tiny_sparse_model(2, dropout=0.5), tiny_batch()
    assert torch.equal(model(**batch).logits["task0"], model(**batch).logits["task0"])
    model.train()
    assert not torch.equal(model(**batch).logits["task0"], model(**batch).logits["task0"])


def test_left_padding_is_refused():
    batch = tiny_batch((3, 2))
    batch["attention_mask"] = batch["attention_mask"].flip(1)
    for training in (False, True):
        with pytest.raises(ValueError, match="padding should stand on the right"):
            tiny_sparse_model(2).train(training)(**batch)


@pytest.mark.parametrize("asked", [{"tasks": ["ner"]}, {"labels": {"ner": torch.zeros(3, 5).long()}}])
def test_unknown_tasks_are_refused(asked):
    with pytest.raises(ValueError, match="'ner' is none of this model's tasks: task0, task1"):
        tiny_sparse_model(2)(**tiny_batch(), **asked)


def test_a_model_of_no_task_is_refused():
    with pytest.raises(ValueError, match="tasks: a model needs at least one"):
        SparseSharingForTokenClassification(tiny_sparse_config(0))


def test_word_vectors_fill_the_rows_found():
    model = tiny_sparse_model(1)
    vectors, found = np.ones((17, 5), dtype=np.float32), np.arange(17) % 2 == 0
    model.sparse_sharing.set_word_vectors(vectors, found)
    assert (model.sparse_sharing.words.embedding.weight[::2] == 1).all()


def test_half_precision_runs_and_learns():
    model, batch = tiny_sparse_model(2, seed=1, dtype=torch.float32), tiny_batch()
    labels = tiny_labels(model.config, batch)
    expected = gradients(model, model(**batch, labels=labels).loss)
    for autocast, other in ((True, model), (False, copy.deepcopy(model).bfloat16())):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            loss = other(**batch, labels=labels).loss
        outside = {name: ~kept for name, kept in other.sparse_sharing.subnet(model.config.task_names).items()}
        for name, gradient in gradients(other, loss).items():
            assert (gradient.double() - expected[name]).norm() < 0.2 * expected[name].norm(), name
            assert name not in outside or not gradient[outside[name]].any()


def test_every_maskable_parameter_is_masked_by_default():
    config = tiny_sparse_config(2)
    assert list(tiny_sparse_model(2).masks["task0"]) == list(maskable_parameters(config))
    assert randomise(SparseSharingForTokenClassification(config), 0).masks.keys() == {"task0", "task1"}
