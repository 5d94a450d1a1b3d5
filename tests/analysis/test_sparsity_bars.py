from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.sparsity_bars import sparsity_bars
from hf_sluice.training.learned_sharing import mask_values
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.mark.parametrize("tasks", [1, 2, 4])
def test_every_layer_has_a_bar_per_task_and_all_layers_one_more(tasks):
    values = mask_values(tiny_sparse_model(tasks).masks)
    axes = sparsity_bars(values).axes[0]

    assert [label.get_text() for label in axes.get_xticklabels()] == ["characters", "layer 1", "layer 2", "together"]
    for bars, task in zip(axes.containers, values["sparsity"], strict=True):
        shares = [*values["by_layer"][task].values(), values["sparsity"][task]]
        np.testing.assert_allclose([bar.get_height() for bar in bars], [100 * share for share in shares])
        assert [round(bar.get_x() + bar.get_width() / 2) for bar in bars] == [0, 1, 2, 3]  # each at its layer


def test_tasks_are_named_and_differ_in_colour():
    values = mask_values(tiny_sparse_model(3).masks)
    figure = sparsity_bars(values)

    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(values["sparsity"])
    assert len({bars[0].get_facecolor() for bars in figure.axes[0].containers}) == 3
