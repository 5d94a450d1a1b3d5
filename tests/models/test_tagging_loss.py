import pytest
import torch

from hf_sluice.models.tagging_loss import IGNORED, per_item, tagging_loss
from tests.models import reference_sluice as reference


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_cross_entropy_is_the_mean_over_labelled_tokens():
    logits, labels = random(2, 3, 4), torch.tensor([[0, 3, IGNORED], [IGNORED, 2, IGNORED]])
    terms = [
        term
        for scores, gold in zip(logits.numpy(), labels.tolist(), strict=True)
        for term in reference.cross_entropy(scores, gold)
    ]
    assert len(terms) == 3
    assert tagging_loss(logits, labels).item() == pytest.approx(sum(terms) / 3, abs=1e-12)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.int64])
def test_squared_error_is_the_mean_over_labelled_tokens_whatever_the_type_of_the_values(dtype):
    predicted, values = random(2, 2, 1), torch.tensor([[1, 0], [IGNORED, -2]], dtype=dtype)
    expected = ((predicted[0, 0] - 1) ** 2 + predicted[0, 1] ** 2 + (predicted[1, 1] + 2) ** 2) / 3
    loss = tagging_loss(predicted, values, regression=True)
    torch.testing.assert_close(loss, expected[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("regression", [False, True])
def test_nothing_labelled_costs_nothing_and_moves_nothing(regression):
    logits = random(2, 3, 1 if regression else 4).requires_grad_()
    labels = torch.full((2, 3), IGNORED, dtype=torch.float64 if regression else torch.int64)
    loss = tagging_loss(logits, labels, regression=regression)
    loss.backward()
    assert loss == 0
    assert not logits.grad.any()


@pytest.mark.parametrize("regression", [False, True])
def test_unlabelled_tokens_get_no_gradient(regression):
    logits = random(1, 3, 1 if regression else 4).requires_grad_()
    tagging_loss(logits, torch.tensor([[1, IGNORED, 0]]), regression=regression).backward()
    assert logits.grad[0].any(-1).tolist() == [True, False, True]


@pytest.mark.parametrize("num_items", [8, 8.0, torch.tensor(8)])
def test_shares_of_a_batch_add_up_to_the_whole(num_items):
    logits, labels = random(4, 2, 3), torch.randint(0, 3, (4, 2), generator=torch.Generator().manual_seed(1))
    whole = tagging_loss(logits, labels)
    shares = tagging_loss(logits[:1], labels[:1], num_items) + tagging_loss(logits[1:], labels[1:], num_items)
    torch.testing.assert_close(shares, whole, rtol=0, atol=1e-12)


def test_a_label_that_several_processes_share_counts_as_a_whole():
    logits, labels = random(1, 2, 3), torch.tensor([[1, IGNORED]])
    torch.testing.assert_close(tagging_loss(logits, labels, 0.5), 2 * tagging_loss(logits, labels))


def test_a_sum_is_divided_by_the_labelled_tokens_or_by_what_is_asked_for():
    total, labels = torch.tensor(6.0), torch.tensor([[1, IGNORED, 0]])
    assert per_item(total, labels, None) == 3
    assert per_item(total, labels, 4.0) == 1.5
    assert per_item(total, torch.full((2, 2), IGNORED), None) == 6
