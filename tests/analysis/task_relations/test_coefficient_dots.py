from __future__ import annotations

import pandas as pd

from hf_sluice.analysis.task_relations.coefficient_dots import coefficient_dots

COEFFICIENTS = pd.DataFrame(
    {"coefficient": [-1.5, 0.8], "spread": [0.1, 0.2], "same_sign": [1.0, 0.9]},
    index=["main gradient_30", "auxiliary labels"],
)


def test_each_feature_has_a_dot_with_its_deviation_and_the_published_a_cross():
    axes = coefficient_dots(COEFFICIENTS, pd.Series({"auxiliary labels": 0.7, "main gradient_30": -1.4})).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["main gradient 30", "auxiliary labels"]
    (bars,) = axes.containers
    assert bars.lines[0].get_xdata().tolist() == [-1.5, 0.8]
    ends = [segment[:, 0].tolist() for segment in bars.lines[2][0].get_segments()]
    assert ends == [[-1.6, -1.4], [0.6000000000000001, 1.0]]
    crosses = next(line for line in axes.lines if line.get_marker() == "x")
    assert crosses.get_xdata().tolist() == [-1.4, 0.7]


def test_without_published_ones_there_are_no_crosses():
    assert all(line.get_marker() != "x" for line in coefficient_dots(COEFFICIENTS).axes[0].lines)
