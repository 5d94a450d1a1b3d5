"""Step times against the sizes of model and batch, and what the cost model says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from scaling_points import AXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cost_fit import CostFit
    from matplotlib.axes import Axes
    from scaling_points import Point

_TERMS = ("operations", "bytes", "launches")
_TERM_COLOURS = ("#3b6fb6", "#8fb8de", "#d9a441")
_NAMES = {
    "M": "tasks M",
    "K": "layers K",
    "H": "hidden units H",
    "B": "sentences B",
    "T": "words of a sentence T",
}


def draw_scaling(points: Mapping[str, Sequence[Point]], fit: CostFit, title: str) -> Figure:
    """One panel per size: medians with quartiles, and the model's three terms, stacked.

    Args:
        points: per size, those where it alone is changed, in order.
        fit: the cost model.
        title: of the figure.
    """
    figure = Figure(figsize=(13, 3.2), layout="constrained")
    panels = figure.subplots(1, len(AXES))
    for panel, (axis, letter) in zip(panels, AXES.items(), strict=True):
        _draw_panel(panel, axis, points[axis], fit)
        panel.set_xlabel(_NAMES[letter])
    panels[0].set_ylabel("milliseconds a step")
    panels[0].legend(frameon=False, fontsize="small", loc="upper left")
    figure.suptitle(title, fontsize="medium")
    return figure


def _draw_panel(panel: Axes, axis: str, points: Sequence[Point], fit: CostFit) -> None:
    values = [getattr(point.sizes, axis) for point in points]
    parts = [[1e3 * part for part in fit.parts(point.costs)] for point in points]
    panel.stackplot(values, list(zip(*parts, strict=True)), labels=_TERMS, colors=_TERM_COLOURS, linewidth=0)
    medians = [1e3 * point.seconds.median for point in points]
    low = [1e3 * (point.seconds.median - point.seconds.low) for point in points]
    high = [1e3 * (point.seconds.high - point.seconds.median) for point in points]
    panel.errorbar(values, medians, (low, high), fmt="o", color="black", markersize=4, capsize=2, label="measured")
    panel.set_xlim(left=0)
    panel.set_ylim(bottom=0)
    panel.spines[["top", "right"]].set_visible(False)
