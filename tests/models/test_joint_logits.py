import pytest
import torch

from hf_sluice.models.joint_logits import joint_cross_entropies, joint_logits, pays_to_join
from hf_sluice.models.tagging_loss import tagging_loss
from hf_sluice.models.task_head import make_head
from hf_sluice.models.transition_scores import FORBIDDEN

SIZES = (4, 2, 7)


def heads_of(decoder, sizes=SIZES):
    torch.manual_seed(0)
    tasks = [{"name": str(size), "labels": [str(label) for label in range(size)]} for size in sizes]
    return [make_head(task, decoder, 6, 5).double() for task in [*tasks, {"name": "x", "kind": "regression"}]]


def gradients(heads, states, losses):
    parameters = [states, *(parameter for head in heads for parameter in head.parameters())]
    return torch.autograd.grad(sum(losses), parameters)


@pytest.mark.parametrize("decoder", ["mlp", "linear"])
def test_they_are_those_of_the_heads(decoder):
    heads = heads_of(decoder)
    states = torch.randn(4, 3, 5, 6, dtype=torch.float64, requires_grad=True)
    labels = torch.stack([torch.randint(size, (3, 5)) for size in SIZES]).masked_fill(torch.rand(3, 3, 5) < 0.4, -100)
    labels[2] = -100  # a task of which the batch has no label
    logits = [head(state) for head, state in zip(heads, states, strict=True)]
    joint = joint_logits(heads, states)

    assert joint.shape == (4, 3, 5, max(SIZES))
    for own, padded in zip(logits, joint, strict=True):
        torch.testing.assert_close(padded[..., : own.shape[-1]], own)
        assert (padded[..., own.shape[-1] :] <= FORBIDDEN / 2).all()
    totals = [tagging_loss(own, label, 1.0) for own, label in zip(logits, labels, strict=False)]
    together = joint_cross_entropies(joint[:3], labels)
    torch.testing.assert_close(together, torch.stack(totals))
    pairs = zip(gradients(heads[:3], states, totals), gradients(heads[:3], states, together), strict=True)
    for one, other in pairs:
        torch.testing.assert_close(one, other)


def test_when_it_pays():
    mlp, linear = heads_of("mlp"), heads_of("linear")
    gpu, cpu = torch.device("cuda"), torch.device("cpu")
    assert pays_to_join(mlp, gpu)
    assert pays_to_join(linear, gpu)
    assert not pays_to_join(mlp, cpu)
    assert not pays_to_join(mlp[:1], gpu)
    assert not pays_to_join([mlp[0], linear[1]], gpu)
