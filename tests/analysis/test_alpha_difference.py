from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.alpha_difference import AlphaDifference, measures


def difference():
    generator = np.random.default_rng(0)
    alpha_a, alpha_b = generator.normal(size=(2, 3, 4, 4))
    return AlphaDifference(("pos", "ner"), alpha_a, alpha_b)


def test_layers_are_measured_one_by_one_and_together():
    found = difference()
    values = found.to_dict()

    for a, b, layer in zip(found.alpha_a, found.alpha_b, values["layers"], strict=True):
        assert layer["largest"] == np.abs(b - a).max()
        assert layer["mean"] == pytest.approx(np.abs(b - a).mean())
        assert layer["correlation"] == pytest.approx(np.corrcoef(a.ravel(), b.ravel())[0, 1])
    assert values["all"]["largest"] == max(layer["largest"] for layer in values["layers"])
    assert values["all"]["mean"] == pytest.approx(np.mean([layer["mean"] for layer in values["layers"]]))


def test_networks_are_measured_pair_by_pair():
    found = difference()
    block = np.abs(found.alpha_b - found.alpha_a)[:, 2:, :2]

    assert found.by_network()[1, 0] == pytest.approx(block.mean())
    assert found.by_network().mean() == pytest.approx(np.abs(found.difference).mean())


def test_tables_show_the_measures():
    found = difference()
    per_layer, between = found.tables()

    assert [row[0] for row in per_layer.rows] == ["layer 1", "layer 2", "layer 3", "all"]
    assert per_layer.rows[0][1] == f"{np.abs(found.difference[0]).max():.3f}"
    assert between.rows[1] == ("ner", *(f"{value:.3f}" for value in found.by_network()[1]))
    alone = AlphaDifference(("pos",), found.alpha_a[:1, :2, :2], found.alpha_b[:1, :2, :2])
    assert [[row[0] for row in table.rows] for table in alone.tables()] == [["layer 1"]]


def test_what_is_constant_has_no_correlation():
    assert measures(np.ones(3), np.arange(3.0)) == {"largest": 1, "mean": pytest.approx(2 / 3), "correlation": None}
    assert AlphaDifference(("a",), np.ones((1, 2, 2)), np.ones((1, 2, 2))).tables()[0].rows[0][-1] == "-"
