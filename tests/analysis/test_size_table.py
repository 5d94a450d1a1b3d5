from __future__ import annotations

from hf_sluice.analysis.size_table import model_sizes, size_table
from hf_sluice.models.extraction import extract_tasks
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model


def test_a_part_of_a_sluice_network_has_fewer_networks_at_some_layers():
    model = tiny_model(3, sharing="block_communication")
    whole, part = model_sizes(model), model_sizes(extract_tasks(model, ["task1"]))

    assert (whole["bilstms"], part["bilstms"]) == (9, 7)
    assert (whole["tasks"], part["tasks"]) == (3, 1)
    assert whole["parameters"] == sum(parameter.numel() for parameter in model.parameters())
    for key in ("parameters", "counted_parameters"):
        assert part[key] < whole[key]


def test_a_subnet_counts_fewer_weights_and_has_fewer_layers():
    model = tiny_sparse_model(3, num_layers=3, depths={"task0": 2})
    whole, part = model_sizes(model), model_sizes(extract_tasks(model, ["task0"]))

    assert (whole["bilstms"], part["bilstms"]) == (3, 2)
    assert part["counted_parameters"] < whole["counted_parameters"]


def test_changes_are_shares_of_the_whole():
    whole = {"parameters": 1_000, "counted_parameters": 200, "bilstms": 3, "tasks": 3}
    table = size_table(whole, {**whole, "parameters": 750, "tasks": 1})

    assert [row[1:] for row in table.rows] == [
        ("1,000", "750", "−25.0 %"), ("200", "200", "-"), ("3", "3", "-"), ("3", "1", "−66.7 %"),
    ]  # fmt: skip
