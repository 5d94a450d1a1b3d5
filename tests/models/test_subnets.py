import pytest
import torch

from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.subnets import Subnets


def subnets(**masks):
    named = {task: {"words.characters.weight": torch.tensor(bits).bool()} for task, bits in masks.items()}
    return Subnets({}, MaskSet(named))


def test_measures_are_of_all_tasks_and_of_every_two():
    measures = subnets(a=[1, 1, 0, 0], b=[1, 0, 1, 0], c=[1, 1, 1, 1]).measures

    assert measures["weights"] == {"a": 2, "b": 2, "c": 4}
    assert measures["sparsity"] == {"a": 0.5, "b": 0.5, "c": 1.0}
    assert measures["overlap"] == 0.25
    assert measures["pairs"] == [["a", "b", pytest.approx(1 / 3)], ["a", "c", 0.5], ["b", "c", 0.5]]


@pytest.mark.parametrize("masks", [{"a": [1, 0]}, {"a": [1, 0], "b": [0, 0]}, {"a": [0, 0], "b": [0, 0]}])
def test_a_single_task_or_an_empty_mask_has_no_overlap(masks):
    measures = subnets(**masks).measures
    assert (measures["overlap"], measures["pairs"]) == (None, [])


def test_the_digest_is_that_of_the_bits():
    one = subnets(a=[1, 1, 0, 0], b=[1, 0, 1, 0])
    assert one.sha256 == subnets(a=[1, 1, 0, 0], b=[1, 0, 1, 0]).sha256
    assert one.sha256 != subnets(a=[1, 1, 0, 0], b=[1, 0, 0, 1]).sha256  # of the same sparsity and overlap
    assert one.sha256 != subnets(a=[1, 0, 1, 0], b=[1, 1, 0, 0]).sha256
