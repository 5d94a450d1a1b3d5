from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.analysis.mask_agreement import MaskAgreement, measures_table, why_not_masks
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.subnets import Subnets

NAMES = ("words.characters.weight", "layers.0.weight_hh")


def masks(**bits):
    """Masks of two parameters of four weights each."""
    return {task: dict(zip(NAMES, torch.tensor(of).bool().view(2, 4), strict=True)) for task, of in bits.items()}


A = masks(x=[1, 1, 0, 0, 1, 0, 0, 0], y=[1] * 8)
B = masks(y=[0, 0, 0, 0, 1, 1, 0, 0], x=[1, 0, 0, 0, 1, 0, 0, 0], z=[0] * 8)


def test_overlaps_are_those_of_the_same_task():
    values = MaskAgreement(("x", "y"), A, B).to_dict()

    assert values["tasks"]["x"] == {
        "sparsity_a": 3 / 8,
        "sparsity_b": 2 / 8,
        "by_chance": pytest.approx((3 / 8 * 2 / 8) / (3 / 8 + 2 / 8 - 6 / 64)),
        "overlap": pytest.approx(2 / 3),
        "by_layer": {"characters": 0.5, "layer 1": 1.0},
    }
    assert values["overlaps"] == {
        "x": {"y": 0.25, "x": pytest.approx(2 / 3), "z": 0.0},
        "y": {"y": 0.25, "x": 0.25, "z": 0.0},
    }


def test_masks_that_keep_nothing_have_no_overlap():
    nothing = masks(x=[0] * 8)
    found = MaskAgreement(("x",), nothing, nothing)

    assert found.to_dict()["tasks"]["x"]["overlap"] is None
    assert np.isnan(found.overlaps).all()
    assert found.table().rows == (("x", "-", "-", "-", "-"),)


def test_chance_is_what_random_masks_come_to():
    generator = torch.Generator().manual_seed(0)
    one, other = ({"x": {NAMES[0]: torch.rand(200_000, generator=generator) < p}} for p in (0.3, 0.6))
    values = MaskAgreement(("x",), one, other).to_dict()["tasks"]["x"]
    assert values["overlap"] == pytest.approx(values["by_chance"], abs=0.005)


def test_tables_show_the_measures():
    table = MaskAgreement(("x", "y"), A, B).table()
    assert table.columns == ("task", "by chance", "overlap", "characters", "layer 1")
    assert table.rows == (("x", "0.18", "0.67", "0.50", "1.00"), ("y", "0.25", "0.25", "0.00", "0.50"))

    of_a, of_b = (Subnets({}, MaskSet(of)).measures for of in (A, {task: B[task] for task in "xy"}))
    assert measures_table(of_a, of_b, ["x", "y"]).rows == (
        ("x", "sparsity", "37.5 %", "25.0 %"),
        ("y", "sparsity", "100.0 %", "25.0 %"),
        ("x & y", "overlap", "0.38", "0.33"),
    )


def test_the_parameter_that_is_of_another_shape_is_named():
    larger = {"x": {NAMES[0]: torch.ones(4), NAMES[1]: torch.ones(2, 3)}}
    fewer = {"x": {NAMES[0]: torch.ones(4)}}

    assert why_not_masks(A, B) is None
    assert why_not_masks(A, larger) == "layers.0.weight_hh is 4 in A and 2 × 3 in B"
    assert why_not_masks(fewer, larger) == "layers.0.weight_hh is not masked in A and 2 × 3 in B"
