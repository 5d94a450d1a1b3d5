from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from torch import nn

from hf_sluice.training.subnet_weights import SubnetWeights

MASKS = st_numpy.arrays(bool, st.tuples(st.integers(1, 4), st.just(3), st.just(5))).map(torch.from_numpy)
SUBNETS = st.sets(st.integers(0, 3))


def with_gradient():
    parameter = nn.Parameter(torch.arange(15.0).view(3, 5))
    parameter.grad = 100 + torch.arange(15.0).view(3, 5)
    return parameter


@given(MASKS)
def test_each_weight_of_a_subnet_is_in_one_block(masks):
    parameter = with_gradient()
    blocks = list(SubnetWeights(parameter, masks).blocks())
    found = torch.cat([parameter.new_zeros(0), *(block.detach() for block in blocks)]).sort().values

    assert torch.equal(found, parameter.detach()[masks.any(0)])
    assert all(block.grad is None for block in blocks)


@given(MASKS)
def test_there_is_a_block_for_each_set_of_subnets_that_weights_belong_to(masks):
    blocks = list(SubnetWeights(with_gradient(), masks).blocks())
    patterns = {tuple(pattern) for pattern in masks.flatten(1).T.tolist() if any(pattern)}

    assert len(blocks) == len(patterns)


@given(MASKS, SUBNETS)
def test_what_is_lent_moves_and_nothing_else(masks, subnets):
    parameter = with_gradient()
    before = parameter.detach().clone()
    weights = SubnetWeights(parameter, masks)
    weights.lend(frozenset(subnets))
    for block in weights.blocks():
        if block.grad is not None:
            assert torch.equal(block.grad, block.detach() + 100)
            block.data = block.detach() - 0.5 * block.grad
    weights.take_back()
    lent = masks[[number for number in subnets if number < len(masks)]].any(0)

    assert torch.equal(parameter.detach(), torch.where(lent, before - 0.5 * parameter.grad, before))
    assert all(block.grad is None for block in weights.blocks())


@given(MASKS)
def test_values_are_those_of_the_moment(masks):
    parameter = with_gradient()
    weights = SubnetWeights(parameter, masks)
    with torch.no_grad():
        parameter.mul_(-2)
    before = parameter.detach().clone()
    weights.lend(frozenset({0}))
    weights.take_back()

    assert torch.equal(parameter.detach(), before)


def test_without_a_gradient_nothing_is_lent():
    parameter = with_gradient()
    weights = SubnetWeights(parameter, [torch.ones(3, 5, dtype=torch.bool)])
    weights.forget_gradient()
    weights.lend(frozenset({0}))

    assert parameter.grad is None
    assert [block.grad for block in weights.blocks()] == [None]


def test_an_optimiser_keeps_its_state_of_a_block():
    parameter = with_gradient()
    weights = SubnetWeights(parameter, [torch.ones(3, 5, dtype=torch.bool)])
    optimizer = torch.optim.SGD(weights.blocks(), lr=0.1, momentum=0.5)
    other = nn.Parameter(parameter.detach().clone())
    dense = torch.optim.SGD([other], lr=0.1, momentum=0.5)
    for gradient in (1.0, -2.0, 0.0):
        parameter.grad, other.grad = torch.full((3, 5), gradient), torch.full((3, 5), gradient)
        weights.lend(frozenset({0}))
        optimizer.step()
        weights.take_back()
        dense.step()

    assert torch.equal(parameter, other)
