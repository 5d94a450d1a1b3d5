from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.sharing_figures import sharing_figures
from tests.models.tiny_sluice import presets_of_tasks, tiny_model

NUM_LAYERS = 3  # the default


def drawn(model):
    figures = sharing_figures(model)
    panels = [axes for axes in figures["alpha"].axes if axes.get_images()]
    bars = figures["beta"].axes[0].containers
    hatched = [
        {(round(p.get_y() + 0.5), round(p.get_x() + 0.5)) for p in axes.patches if p.get_hatch()} for axes in panels
    ]
    return panels, hatched, bars


@pytest.mark.parametrize(("sharing", "num_tasks"), presets_of_tasks(1, 2, 4))
def test_alpha_and_beta_of_every_preset_are_drawn(sharing, num_tasks):
    extra = {"task_layers": {"task0": 3, "task1": 1}} if (sharing, num_tasks) == ("low_supervision", 2) else {}
    model = tiny_model(num_tasks, sharing=sharing, num_layers=NUM_LAYERS, **extra)
    panels, hatched, bars = drawn(model)

    np.testing.assert_array_equal([axes.get_images()[0].get_array() for axes in panels], model.alpha.detach().numpy())
    heights = [[bar.get_height() for bar in layer] for layer in bars]
    np.testing.assert_array_equal(np.transpose(heights), model.beta.detach().numpy())
    is_fixed = model.sluice.alpha_weights.slots.numpy() < 0
    assert hatched == [set(map(tuple, np.argwhere(layer).tolist())) for layer in is_fixed]
    assert [[not bar.get_hatch() for bar in layer] for layer in bars] == (
        model.sluice.beta_weights.slots.T >= 0
    ).tolist()


def test_a_shared_network_is_one_row():
    panels, hatched, _ = drawn(tiny_model(2, sharing="hard_sharing", num_subspaces=1))

    assert [label.get_text() for label in panels[0].get_yticklabels()] == ["shared"]
    assert hatched[0] == {(0, 0)}


def test_what_cross_stitch_learns_is_not_hatched():
    _, hatched, bars = drawn(tiny_model(2, sharing="cross_stitch"))

    aligned = {(t, s) for t in range(4) for s in range(4) if t % 2 == s % 2}
    assert hatched[0] == {(t, s) for t in range(4) for s in range(4)} - aligned
    assert all(bar.get_hatch() for layer in bars for bar in layer)
