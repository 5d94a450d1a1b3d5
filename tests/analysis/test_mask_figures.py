from __future__ import annotations

import pytest

from hf_sluice.analysis.mask_figures import mask_figures
from hf_sluice.analysis.subnet_summary import SubnetSummary
from tests.analysis.small_subnets import small_search


@pytest.mark.parametrize(
    ("tasks", "searched", "names"),
    [
        (1, False, ["sparsity"]),
        (1, True, ["sparsity", "scores"]),
        (2, False, ["sparsity", "overlap"]),
        (3, True, ["sparsity", "overlap", "scores", "overlap_by_round"]),
    ],
)
def test_pictures_are_drawn_of_what_there_is(tasks, searched, names):
    model, search = small_search(tasks)
    assert list(mask_figures(SubnetSummary(model, search if searched else None))) == names
