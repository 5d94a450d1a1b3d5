from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from hf_sluice.analysis.task_relations.affinity_heat_map import affinity_heat_map
from tests.analysis.task_relations.small_affinity import AFFINITY, TASKS


def cells(axes):
    """Numbers by (column, row)."""
    return {text.get_position(): text.get_text() for text in axes.texts}


def places(axes, *, hatched):
    patches = [patch for patch in axes.patches if isinstance(patch, Rectangle) and bool(patch.get_hatch()) == hatched]
    return {tuple(np.add(patch.get_xy(), 0.5)) for patch in patches}


def test_rows_are_main_tasks_and_columns_auxiliary_ones():
    axes = affinity_heat_map(AFFINITY, TASKS).axes[0]

    assert cells(axes) == {
        (0, 0): "+25.00", (1, 0): "+4.00", (2, 0): "−2.10", (0, 1): "+1.00", (1, 1): "+30.00", (0, 2): "−0.11",
        (2, 2): "+10.00",
    }  # fmt: skip
    assert axes.get_ylabel().startswith("main task")
    assert axes.get_xlabel().startswith("auxiliary task")
    assert [label.get_text() for label in axes.get_yticklabels()] == TASKS


def test_colours_are_those_of_pairs_and_centred_at_zero():
    image = affinity_heat_map(AFFINITY, TASKS).axes[0].images[0]

    assert (image.norm.vmin, image.norm.vmax) == (-4.0, 4.0)
    assert image.get_array()[0, 1] == 4.0
    assert np.isnan(np.ma.filled(image.get_array(), np.nan)[0, 0])
    red, _, blue, _ = image.to_rgba(np.array(4.0))
    assert blue > red


def test_undecided_pairs_are_hatched_and_tasks_with_themselves_grey():
    figure = affinity_heat_map(AFFINITY, TASKS)

    assert places(figure.axes[0], hatched=True) == {(0, 1), (0, 2)}
    assert places(figure.axes[0], hatched=False) == {(0, 0), (1, 1), (2, 2)}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["within two standard errors of 0"]
    assert not affinity_heat_map(AFFINITY.iloc[[0, 1, 2, 4]], TASKS).legends


def test_the_title_says_the_unit():
    assert affinity_heat_map(AFFINITY, TASKS).get_suptitle() == "Affinity (10⁻³)"
    assert affinity_heat_map(AFFINITY, TASKS, "Mine").get_suptitle() == "Mine"


def test_a_task_alone_has_a_picture_too():
    assert cells(affinity_heat_map(AFFINITY[:1], TASKS[:1]).axes[0]) == {(0, 0): "+0.03"}
