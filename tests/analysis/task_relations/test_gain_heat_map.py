from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from hf_sluice.analysis.task_relations.gain_heat_map import gain_heat_map

TASKS = ["pos", "ner", "multiword_expression"]


def table(gains, verdicts):
    pairs = itertools.permutations(TASKS, 2)
    rows = [(*pair, gain, verdict) for pair, gain, verdict in zip(pairs, gains, verdicts, strict=True)]
    return pd.DataFrame(rows, columns=["main", "auxiliary", "gain", "verdict"])


GAINS = table([4, -2, 0, 8, 1, -500], ["gain", "loss", *["undecided"] * 3, "loss"])


def cells(axes):
    """Numbers by (column, row)."""
    return {text.get_position(): text.get_text() for text in axes.texts}


def hatched(axes):
    patches = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_hatch()]
    return {tuple(np.add(patch.get_xy(), 0.5)) for patch in patches}


def test_rows_are_main_tasks_and_columns_auxiliary_ones():
    axes = gain_heat_map(GAINS, TASKS).axes[0]

    assert cells(axes) == {
        (1, 0): "+4.0", (2, 0): "−2.0", (0, 1): "0.0", (2, 1): "+8.0", (0, 2): "+1.0", (1, 2): "−500"
    }  # fmt: skip
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("main task", "auxiliary task")
    assert [label.get_text() for label in axes.get_yticklabels()] == TASKS


def test_colours_are_centred_at_zero_and_an_outlier_does_not_fade_the_others():
    axes = gain_heat_map(GAINS, TASKS).axes[0]
    norm = axes.images[0].norm

    assert norm.vmin == -norm.vmax
    assert norm.vmax < 300
    red, _, blue, _ = axes.images[0].to_rgba(np.array(norm.vmax))
    assert blue > red


def test_undecided_cells_are_hatched():
    figure = gain_heat_map(GAINS, TASKS)

    assert hatched(figure.axes[0]) == {(0, 1), (2, 1), (0, 2)}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["undecided"]
    assert not gain_heat_map(GAINS[:2], TASKS).legends


def test_a_pair_without_a_gain_leaves_its_cell_empty():
    axes = gain_heat_map(GAINS[:1], TASKS).axes[0]

    assert cells(axes) == {(1, 0): "+4.0"}
    assert np.isfinite(axes.images[0].get_array().filled(np.nan)).sum() == 1


def test_no_gains_at_all_are_a_picture_too():
    assert not cells(gain_heat_map(GAINS[:0], TASKS).axes[0])
