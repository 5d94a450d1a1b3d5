from __future__ import annotations

import pandas as pd
import pytest

from hf_sluice.experiments.reports.curves import curve_figure, curve_table, curves

VALUES = pd.DataFrame(
    [("a", 10, 1, 0.5), ("a", 10, 2, 0.7), ("a", 100, 1, 0.9), ("b", 10, 2, 0.1)],
    columns=["name", "n", "seed", "score"],
)


def lines(names=("b", "a", "c")):
    return curves(VALUES, "name", "n", "score", names, seeds=[1, 2])


def test_a_table_tells_what_is_missing():
    table = curve_table(lines(), [10, 100], 2, "Scores", "name")

    assert table.columns == ("name", "10", "100")
    assert table.rows == (
        ("b", "0.10 (1 of 2 seeds)", "-"),
        ("a", "0.60 ± 0.14", "0.90 (1 of 2 seeds)"),
        ("c", "-", "-"),
    )


def test_a_picture_has_a_line_per_name_and_a_tick_per_place():
    (axes,) = curve_figure(lines(), "sentences", "score", logarithmic=True).axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in axes.lines}

    assert drawn["a"] == [0.6, 0.9]
    assert list(axes.get_xticks()) == [10, 100]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["b", "a", "c"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("sentences", "score")


def test_lines_stay_within_their_bands():
    (axes,) = curve_figure(lines(("a",)), "sentences", "score").axes
    (band,) = axes.collections
    heights = band.get_paths()[0].vertices[:, 1]

    assert heights.min() == pytest.approx(0.6 - VALUES["score"][:2].std())
    assert heights.max() == 0.9  # one seed alone has no band
