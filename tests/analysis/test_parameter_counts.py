from __future__ import annotations

import pytest
import torch

from hf_sluice.analysis.parameter_counts import ParameterCounts, parameters_table
from hf_sluice.models.extraction import extract_tasks
from hf_sluice.models.mask_measures import counted_parameters
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.mark.parametrize("characters", ["cnn", "bilstm", "none"])
def test_counts_are_those_of_the_models_themselves(characters):
    model = tiny_sparse_model(3, char_encoder=characters)
    counts = ParameterCounts.of_model(model)
    alone = [counted_parameters(extract_tasks(model, [task])) for task in model.config.task_names]
    whole = {task: {n: torch.ones_like(m) for n, m in masks.items()} for task, masks in model.masks.items()}

    assert counts.sparse_sharing == counted_parameters(model)
    assert counts.single_task_subnets == sum(alone)
    model.set_masks(whole)
    assert counts.base_network == counted_parameters(model)
    assert counts.single_task == 3 * counts.base_network


def test_the_table_says_how_many_base_networks_each_count_is():
    rows = parameters_table(ParameterCounts(30_000, 15_000, 10_000, 7_500)).rows

    assert [row[1:] for row in rows] == [("30,000", "3.00"), ("15,000", "1.50"), ("10,000", "1.00"), ("7,500", "0.75")]
