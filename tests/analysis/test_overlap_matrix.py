from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.overlap_matrix import overlap_matrix
from hf_sluice.models.mask_measures import overlap_ratio
from hf_sluice.training.learned_sharing import mask_values
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.mark.parametrize("tasks", [2, 3, 5])
def test_every_cell_is_the_overlap_of_its_row_and_its_column(tasks):
    masks = tiny_sparse_model(tasks).masks
    axes = overlap_matrix(mask_values(masks)).axes[0]
    image = axes.get_images()[0]
    expected = [[overlap_ratio([one, other]) for other in masks.values()] for one in masks.values()]

    np.testing.assert_allclose(image.get_array(), expected)
    assert image.get_clim() == (0, 1)  # colours of two pictures can be compared
    assert [text.get_text() for text in axes.texts] == [f"{ratio:.2f}" for row in expected for ratio in row]
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        assert [label.get_text() for label in labels] == list(masks)


def test_the_overlap_of_all_tasks_is_told_where_it_is_another_one():
    of_two, of_three = (mask_values(tiny_sparse_model(tasks).masks) for tasks in (2, 3))

    assert overlap_matrix(of_two).get_suptitle() == "Overlap ratios"
    assert overlap_matrix(of_three).get_suptitle() == f"Overlap ratios; of all tasks: {of_three['overlap']:.2f}"
