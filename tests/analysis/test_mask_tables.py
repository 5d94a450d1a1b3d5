from __future__ import annotations

import json

import pytest
import torch

from hf_sluice.analysis.mask_tables import mask_tables, overlaps_by_pair
from hf_sluice.models.mask_measures import GATES
from hf_sluice.training.learned_sharing import mask_values
from tests.models.tiny_sparse_sharing import tiny_sparse_model


def values_of(model):
    return json.loads(json.dumps(mask_values(model.masks)))  # as the results of a run give them


def share(masks):
    return f"{100 * float(torch.cat([mask.flatten() for mask in masks]).double().mean()):.1f} %"


def test_sparsity_is_that_of_each_task_and_layer():
    model = tiny_sparse_model(3, num_layers=2, depths={"task0": 1})
    table = mask_tables(values_of(model))[0]
    total = sum(mask.numel() for mask in model.masks["task0"].values())

    assert table.title == f"Subnets: what remains of {total:,} masked weights"
    assert table.columns == ("task", "weights", "sparsity", "characters", "layer 1", "layer 2")
    for row, (task, masks) in zip(table.rows, model.masks.items(), strict=True):
        layers = [[masks[n] for n in masks if n.startswith(p)] for p in ("words.", "layers.0.", "layers.1.")]
        kept = sum(int(mask.sum()) for mask in masks.values())
        assert row == (task, f"{kept:,}", share(masks.values()), *map(share, layers))
    assert table.rows[0][-1] == "0.0 %"


@pytest.mark.parametrize(("characters", "first"), [("cnn", "layer 1"), ("bilstm", "characters"), ("none", "layer 1")])
def test_gates_are_quarters_of_the_recurrent_weights(characters, first):
    model = tiny_sparse_model(2, char_encoder=characters)
    table = mask_tables(values_of(model))[1]

    assert [row[1] for row in table.rows][:2] == [first] * 2
    assert [row[2] for row in table.rows] == ["input", "recurrent"] * (len(table.rows) // 2)
    names = [name for name in model.config.masked_parameters if not name.endswith(".characters.weight")]
    wanted = [(task, name) for task in model.masks for name in names]
    for row, (task, name) in zip(table.rows, wanted, strict=True):
        gates = model.masks[task][name].unflatten(2, (len(GATES), -1)).unbind(2)
        assert row[3:] == tuple(share([gate]) for gate in gates)


def test_overlaps_stand_in_a_symmetric_table():
    values = values_of(tiny_sparse_model(3))
    table = mask_tables(values)[-1]

    assert table.title == f"Overlap ratios; of all tasks: {values['overlap']:.2f}"
    cells = [row[1:] for row in table.rows]
    assert [list(row) for row in zip(*cells, strict=True)] == [list(row) for row in cells]
    assert [cells[i][i] for i in range(3)] == ["-"] * 3
    assert cells[0][2] == f"{overlaps_by_pair(values)['task2', 'task0']:.2f}"


def test_two_tasks_have_one_overlap_and_one_task_has_none():
    two, one = (mask_tables(values_of(tiny_sparse_model(number))) for number in (2, 1))

    assert two[-1].title == "Overlap ratios"
    assert [table.title.split(":")[0] for table in one] == ["Subnets", "Sparsity per gate"]


def test_masks_of_a_convolution_have_no_gates():
    names = ["words.characters.weight"]
    assert len(mask_tables(values_of(tiny_sparse_model(2, masked_parameters=names)))) == 2
