"""β as a picture: how much each task reads of each layer.

Shape letters: M tasks, K layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from hf_sluice.analysis.figure_numbers import two_decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SHARE = 0.84  # of the room between two tasks that their bars take
_BAR, _CHARACTER = 0.46, 0.09  # inches
_HATCH = "////"


def beta_bars(
    beta_MK: NDArray[np.float64],
    tasks: Sequence[str],
    deviation_MK: NDArray[np.float64] | None = None,
    is_fixed_MK: NDArray[np.bool_] | None = None,
    title: str = "β: task reads layer",
) -> Figure:
    """A group of bars per task, one bar per layer, the values written at the bars' ends.

    Args:
        beta_MK: the weights.
        tasks: their names.
        deviation_MK: standard deviations, drawn as error bars.
        is_fixed_MK: entries that are not learned; their bars are hatched.
        title: above the bars.
    """
    num_tasks, num_layers = beta_MK.shape
    group = max(num_layers * _BAR / _SHARE, _CHARACTER * max(map(len, tasks)) + 0.2)
    figure = Figure(figsize=(max(4.0, num_tasks * group + 1.0), 3.6), layout="constrained")
    axes = figure.subplots()
    width = _SHARE / num_layers
    for layer in range(num_layers):
        places = np.arange(num_tasks) + (layer - (num_layers - 1) / 2) * width
        bars = axes.bar(
            places,
            beta_MK[:, layer],
            width * 0.92,
            yerr=None if deviation_MK is None else deviation_MK[:, layer],
            color=_colour(layer, num_layers),
            edgecolor="white",
            linewidth=0,
            capsize=2.5,
            error_kw={"elinewidth": 0.9, "ecolor": "#444444"},
        )
        axes.bar_label(bars, fmt=two_decimals, fontsize=8, padding=2)
        if is_fixed_MK is not None:
            for bar, is_fixed in zip(bars, is_fixed_MK[:, layer], strict=True):
                bar.set_hatch(_HATCH if is_fixed else None)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(num_tasks), tasks)
    axes.tick_params(axis="x", length=0)
    axes.margins(y=0.12)
    axes.set_ylabel("β")
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.set_title(title, fontsize=11)
    handles = [Patch(color=_colour(layer, num_layers), label=f"layer {layer + 1}") for layer in range(num_layers)]
    if is_fixed_MK is not None and is_fixed_MK.any():
        handles.append(Patch(facecolor="#888888", hatch=_HATCH, edgecolor="white", linewidth=0, label="fixed"))
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=9)
    return figure


def _colour(layer: int, num_layers: int) -> tuple[float, float, float, float]:
    """From light (the first layer) to dark (the last one)."""
    return colormaps["Blues"](0.35 + 0.55 * layer / max(1, num_layers - 1))
