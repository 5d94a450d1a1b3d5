from __future__ import annotations

import pandas as pd
import pytest

from hf_sluice.experiments.reports.sparsity_panels import sparsity_panels

LINES = {
    "magnitude": pd.DataFrame({1: [90.0, 80.0], 2: [91.0, 70.0]}, index=[100.0, 25.0]),
    "random": pd.DataFrame(columns=[1, 2], dtype=float),
}


@pytest.mark.parametrize("logarithmic", [False, True])
def test_there_is_a_panel_for_each_and_the_sparsest_is_at_the_right(logarithmic):
    figure = sparsity_panels({"score": LINES, "overlap": LINES}, logarithmic=logarithmic)

    assert [axes.get_ylabel() for axes in figure.axes] == ["score", "overlap"]
    for axes in figure.axes:
        left, right = axes.get_xlim()
        assert left > 100
        assert right < 25


def test_a_kind_without_subnets_is_not_in_the_legend_and_keeps_its_colour():
    more = {**LINES, "layer": LINES["magnitude"]}
    with_all = sparsity_panels({"score": dict.fromkeys(more, LINES["magnitude"])}, logarithmic=False)
    figure = sparsity_panels({"score": more}, logarithmic=False)

    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["magnitude", "layer"]
    colours = [[line.get_color() for line in of.axes[0].get_lines()] for of in (figure, with_all)]
    assert colours[0] == colours[1]


def test_one_kind_needs_no_legend():
    figure = sparsity_panels({"score": {"sparse sharing": LINES["magnitude"]}}, logarithmic=False)

    assert figure.axes[0].get_legend() is None
