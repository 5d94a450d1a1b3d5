import pytest
import torch

from hf_sluice.models.padded_stack import padded_stack


@pytest.mark.parametrize("shapes", [[(2, 3)], [(2, 3), (2, 3)], [(2, 3), (4, 1), (1, 1)], [(2,), (5,)]])
def test_every_part_stands_in_its_row_and_the_rest_is_filled(shapes):
    parts = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    stacked = padded_stack(parts, -7.0)
    rest = stacked.detach().clone()
    for row, part in zip(rest, parts, strict=True):
        place = tuple(map(slice, part.shape))
        assert torch.equal(row[place], part)
        row[place] = -7.0
    assert (rest == -7).all()
    assert torch.autograd.gradcheck(lambda *parts: padded_stack(parts, -7.0), parts)


def test_only_what_needs_a_gradient_gets_one():
    one, other = torch.ones(2, requires_grad=True), torch.ones(3)
    padded_stack([one, other], 0.0).sum().backward()
    assert one.grad.tolist() == [1, 1]
    assert other.grad is None
