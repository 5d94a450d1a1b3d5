from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.beta_bars import beta_bars


def beta(tasks, layers):
    return np.random.default_rng(1).normal(0.3, 0.4, (tasks, layers))


@pytest.mark.parametrize(("names", "layers"), [(["chunk", "pos"], 3), (["pos", "chunk", "ner", "srl"], 3), (["a"], 1)])
def test_every_task_has_a_bar_per_layer(names, layers):
    values = beta(len(names), layers)
    axes = beta_bars(values, names).axes[0]

    heights = np.array([[bar.get_height() for bar in bars] for bars in axes.containers])
    np.testing.assert_array_equal(heights, values.T)
    assert [label.get_text() for label in axes.get_xticklabels()] == names
    for bars in axes.containers:  # each at its task
        assert [round(bar.get_x() + bar.get_width() / 2) for bar in bars] == list(range(len(names)))
    centres = [bar.get_x() + bar.get_width() / 2 for bars in axes.containers for bar in bars[:1]]
    assert centres == sorted(centres)  # layers from left to right


def test_values_stand_at_the_bars():
    values = beta(2, 3)
    axes = beta_bars(values, ["chunk", "pos"]).axes[0]

    written = [float(text.get_text().replace("−", "-")) for text in axes.texts]
    assert written == [pytest.approx(value, abs=0.0051) for value in values.T.ravel()]


def test_layers_are_named_and_differ_in_colour():
    figure = beta_bars(beta(2, 3), ["chunk", "pos"])

    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["layer 1", "layer 2", "layer 3"]
    colours = [{bar.get_facecolor() for bar in bars} for bars in figure.axes[0].containers]
    assert [len(colour) for colour in colours] == [1, 1, 1]
    assert len(set.union(*colours)) == 3
    assert [patch.get_facecolor() for patch in figure.legends[0].get_patches()] == [c.pop() for c in colours]


def test_deviations_are_drawn_to_scale():
    values, deviations = beta(2, 3), np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    axes = beta_bars(values, ["chunk", "pos"], deviations).axes[0]

    for layer, bars in enumerate(c for c in axes.containers if hasattr(c, "errorbar")):
        segments = bars.errorbar.lines[2][0].get_segments()
        ends = [(segment[0][1], segment[1][1]) for segment in segments]
        expected = zip(values[:, layer] - deviations[:, layer], values[:, layer] + deviations[:, layer], strict=True)
        np.testing.assert_allclose(ends, list(expected))


def test_what_is_not_learned_is_hatched():
    is_fixed = np.array([[True, False], [False, False]])
    figure = beta_bars(beta(2, 2), ["chunk", "pos"], is_fixed_MK=is_fixed)

    assert [[bool(bar.get_hatch()) for bar in bars] for bars in figure.axes[0].containers] == is_fixed.T.tolist()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["layer 1", "layer 2", "fixed"]


@pytest.mark.parametrize("names", [["chunk", "pos"], ["random_chunk", "pos_newsgroup", "ner", "srl"]])
def test_no_text_covers_another(names):
    figure = beta_bars(-np.abs(beta(len(names), 3)), names, np.full((len(names), 3), 0.05))
    figure.draw_without_rendering()
    axes = figure.axes[0]
    boxes = [text.get_window_extent() for text in [*axes.texts, *axes.get_xticklabels(), axes.title]]

    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
