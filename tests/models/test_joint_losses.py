import pytest
import torch

from hf_sluice.models import chain_likelihood
from hf_sluice.models.joint_logits import joint_logits
from hf_sluice.models.joint_losses import joint_losses
from hf_sluice.models.task_head import make_head
from tests.models import reference_chain as reference

TASKS = [
    {"name": "pos", "labels": ["N", "V"]},
    {"name": "chunk", "labels": ["O", "B-X", "I-X", "I-Y"], "scheme": "IOB2"},
    {"name": "ner", "labels": ["O", "B-X", "I-X", "E-X", "S-X"], "scheme": "BIOES", "decoder": "linear_crf"},
    {"name": "srl", "labels": ["A", "B", "C", "D", "E", "F", "G"], "decoder": "linear_crf"},
    {"name": "length", "kind": "regression"},
]
LENGTHS = (5, 1, 3)


def heads_of(constrained, decoder="linear"):
    torch.manual_seed(1)
    heads = {task["name"]: make_head(task, decoder, 6, 5, constrained=constrained).double() for task in TASKS}
    for head in heads.values():
        for parameter in head.parameters():
            torch.nn.init.normal_(parameter)
    return heads


def batch_of(fill=0.0):
    emissions, mask = reference.random_emissions(LENGTHS, 6)
    states = torch.stack([emissions.nan_to_num(fill) + number for number in range(len(TASKS))]).requires_grad_()
    unlabelled = ~mask | (torch.rand(mask.shape, generator=torch.Generator().manual_seed(3)) < 0.3)
    sizes = {task["name"]: len(task.get("labels", ())) or 9 for task in TASKS}
    numbers = 3 * torch.arange(15).view(3, 5)
    labels = {name: (numbers % size).masked_fill(unlabelled, -100) for name, size in sizes.items()}
    return states, mask, labels


def joint_and_own(constrained, side_by_side, **items):
    heads, (states, mask, labels) = heads_of(constrained), batch_of()
    if side_by_side:
        padded = joint_logits(list(heads.values()), states)
        sizes = {name: head.output.out_features for name, head in heads.items()}
        logits = {name: own[..., :size] for (name, size), own in zip(sizes.items(), padded, strict=True)}
    else:
        padded, logits = None, {name: head(state) for (name, head), state in zip(heads.items(), states, strict=True)}
    joint = joint_losses(heads, logits, labels, mask, items or None, padded)
    own = {name: head.loss(logits[name], labels[name], mask, items.get(name)) for name, head in heads.items()}
    return heads, states, joint, own


@pytest.mark.parametrize("items", [{}, {"pos": 2, "chunk": 3, "ner": 4, "srl": 5, "length": torch.tensor(6)}])
@pytest.mark.parametrize("side_by_side", [False, True])
@pytest.mark.parametrize("constrained", [False, True])
def test_losses_and_gradients_are_those_of_the_heads(constrained, side_by_side, items):
    heads, states, joint, own = joint_and_own(constrained, side_by_side, **items)
    parameters = [states, *(parameter for head in heads.values() for parameter in head.parameters())]
    assert list(joint) == list(own)
    for name in own:
        torch.testing.assert_close(joint[name], own[name])
        of_joint, of_own = (
            torch.autograd.grad(losses[name], parameters, retain_graph=True, materialize_grads=True)
            for losses in (joint, own)
        )
        for one, other in zip(of_joint, of_own, strict=True):
            torch.testing.assert_close(one, other)
            assert one.isfinite().all()


def test_what_other_devices_compute_is_the_same(monkeypatch):
    monkeypatch.setattr(chain_likelihood, "_all_possible", lambda _: False)
    _, _, joint, own = joint_and_own(constrained=True, side_by_side=False)
    for name in own:
        torch.testing.assert_close(joint[name], own[name])


def test_padding_has_no_gradient():
    heads, (states, mask, labels) = heads_of(constrained=True), batch_of(fill=1e4)
    logits = {name: head(state) for (name, head), state in zip(heads.items(), states, strict=True)}
    sum(joint_losses(heads, logits, labels, mask, None).values()).backward()
    assert not states.grad[:, ~mask].any()
    assert states.grad[:, mask].any(-1).any(1).all()


def test_only_tasks_with_labels_have_losses():
    heads, (states, mask, labels) = heads_of(constrained=False), batch_of()
    padded = joint_logits(list(heads.values()), states)
    logits = {name: own[..., : heads[name].output.out_features] for name, own in zip(heads, padded, strict=True)}
    some = {name: labels[name] for name in ("chunk", "srl")}
    found = joint_losses(heads, logits, some, mask, None, padded)
    assert list(found) == ["chunk", "srl"]
    for name, loss in found.items():
        torch.testing.assert_close(loss, heads[name].loss(logits[name], labels[name], mask))
    assert joint_losses(heads, logits, {}, mask, None, padded) == {}


def test_a_label_that_a_task_lacks_is_an_error_though_another_task_has_as_many():
    heads, (states, mask, labels) = heads_of(constrained=False), batch_of()
    logits = {name: head(state) for (name, head), state in zip(heads.items(), states, strict=True)}
    labels["ner"] = torch.full_like(labels["ner"], 6)
    with pytest.raises((RuntimeError, IndexError)):
        joint_losses(heads, logits, labels, mask, None)
