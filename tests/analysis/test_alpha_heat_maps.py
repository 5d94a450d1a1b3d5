from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from hf_sluice.analysis.alpha_heat_maps import alpha_heat_maps


def alpha(layers, units, seed=0):
    return np.random.default_rng(seed).normal(0.2, 0.4, (layers, units, units))


def panels(figure):
    return [axes for axes in figure.axes if axes.get_images()]


def hatched(axes):
    return {(int(patch.get_y() + 0.5), int(patch.get_x() + 0.5)) for patch in axes.patches if patch.get_hatch()}


def texts(axes):
    ticks = [*axes.get_xticklabels(which="both"), *axes.get_yticklabels(which="both")]
    return [*axes.texts, *ticks, axes.title, axes.xaxis.label, axes.yaxis.label]


def overlapping(figure):
    """Pairs of texts of which one covers the other."""
    figure.draw_without_rendering()
    boxes = {
        (axes.get_title(), text.get_text(), number): text.get_window_extent()
        for axes in figure.axes
        for number, text in enumerate(texts(axes))
        if text.get_text() and text.get_visible() and not text.get_rotation() % 90
    }
    names = list(boxes)
    return [(a, b) for i, a in enumerate(names) for b in names[:i] if boxes[a].overlaps(boxes[b])]


@pytest.mark.parametrize(
    ("networks", "subspaces", "layers"),
    [(["chunk", "pos"], 2, 3), (["chunk", "pos", "ner", "srl"], 2, 3), (["a", "b", "c"], 1, 1), (["shared"], 2, 2)],
)
def test_every_layer_has_a_panel_that_holds_its_values(networks, subspaces, layers):
    values = alpha(layers, len(networks) * subspaces)
    found = panels(alpha_heat_maps(values, networks))

    assert [axes.get_title() for axes in found] == [f"layer {k + 1}" for k in range(layers)]
    for layer, axes in zip(values, found, strict=True):
        np.testing.assert_array_equal(axes.get_images()[0].get_array(), layer)
        written = {text.get_position(): float(text.get_text().replace("−", "-")) for text in axes.texts}
        assert written == {(s, t): pytest.approx(v, abs=0.0051) for (t, s), v in np.ndenumerate(layer)}


def test_rows_are_targets_and_columns_sources():
    axes = panels(alpha_heat_maps(alpha(1, 4), ["chunk", "pos"]))[0]

    assert (axes.get_ylabel(), axes.get_xlabel()) == ("target", "source")
    for axis in (axes.xaxis, axes.yaxis):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        assert dict(zip(labels, axis.get_ticklocs(), strict=True)) == {"chunk": 0.5, "pos": 2.5}
        assert [label.get_text() for label in axis.get_ticklabels(minor=True)] == ["1", "2", "1", "2"]
    assert axes.yaxis_inverted()  # the first target is at the top


def test_one_subspace_needs_no_numbers():
    axes = panels(alpha_heat_maps(alpha(1, 2), ["chunk", "pos"]))[0]

    assert [label.get_text() for label in axes.get_xticklabels()] == ["chunk", "pos"]
    assert axes.get_xticklabels(minor=True) == []


def test_all_panels_have_one_scale_around_zero():
    values = alpha(3, 4)
    values[1, 2, 3] = -7.0
    images = [axes.get_images()[0] for axes in panels(alpha_heat_maps(values, ["chunk", "pos"]))]

    assert {image.get_clim() for image in images} == {(-7.0, 7.0)}
    assert {image.get_cmap().name for image in images} == {"RdBu_r"}


def test_nothing_but_zeros_can_be_drawn():
    figure = alpha_heat_maps(np.zeros((1, 2, 2)), ["a", "b"])

    assert [text.get_text() for text in panels(figure)[0].texts] == ["0.00"] * 4
    assert panels(figure)[0].get_images()[0].get_clim() == (-1.0, 1.0)


def test_entries_that_are_not_learned_are_hatched():
    is_fixed = np.zeros((2, 4, 4), dtype=bool)
    is_fixed[1, 0, 3] = is_fixed[1, 2, 1] = True
    figure = alpha_heat_maps(alpha(2, 4), ["chunk", "pos"], is_fixed)

    assert [hatched(axes) for axes in panels(figure)] == [set(), {(0, 3), (2, 1)}]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["fixed, not learned"]
    assert alpha_heat_maps(alpha(2, 4), ["chunk", "pos"], np.zeros_like(is_fixed)).legends == []


def test_numbers_stand_on_the_colour_of_their_cell():
    axes = panels(alpha_heat_maps(alpha(1, 4), ["chunk", "pos"], np.ones((1, 4, 4), dtype=bool)))[0]
    image = axes.get_images()[0]

    for text in axes.texts:
        source, target = map(int, text.get_position())
        assert text.get_bbox_patch().get_facecolor() == image.to_rgba(image.get_array()[target, source])
        assert text.get_zorder() > max(patch.get_zorder() for patch in axes.patches if isinstance(patch, Rectangle))


@pytest.mark.parametrize(
    ("networks", "units"),
    [
        (["chunk", "pos"], 4),
        (["chunk", "pos", "ner", "srl"], 8),
        (["random", "simple_pos"], 4),
        (["random_chunk", "pos"], 2),
        (["pos_answers", "pos_newsgroup", "pos_email", "pos_reviews", "pos_weblog"], 10),
        (["shared"], 2),
    ],
)
def test_no_text_covers_another(networks, units):
    assert overlapping(alpha_heat_maps(-np.abs(alpha(3, units)), networks)) == []


def test_many_layers_go_on_in_a_second_row():
    figure = alpha_heat_maps(alpha(5, 8), ["chunk", "pos", "ner", "srl"])
    tops = [round(axes.get_position().y1, 2) for axes in panels(figure)]

    assert len(panels(figure)) == 5
    assert len(set(tops)) == 2
    assert figure.get_size_inches()[0] < 16
