"""What masks leave of each layer, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from hf_sluice.analysis.task_colours import task_colour

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARE = 0.84  # of the room between two layers that their bars take
_BAR, _CHARACTER = 0.46, 0.09  # inches


def sparsity_bars(values: Mapping[str, Any]) -> Figure:
    """A group of bars per layer and for all of them together, one bar per task: the share of weights that remains.

    Args:
        values: ``masks`` of a run's results.
    """
    tasks = list(values["sparsity"])
    layers = list(values["by_layer"][tasks[0]])
    group = max(len(tasks) * _BAR / _SHARE, _CHARACTER * max(map(len, layers)) + 0.2)
    figure = Figure(figsize=(max(4.0, (len(layers) + 1) * group + 1.0), 3.6), layout="constrained")
    axes = figure.subplots()
    width = _SHARE / len(tasks)
    for number, task in enumerate(tasks):
        of_task = values["by_layer"][task]
        shares = [100 * share for share in (*(of_task[layer] for layer in layers), values["sparsity"][task])]
        places = np.arange(len(shares)) + (number - (len(tasks) - 1) / 2) * width
        bars = axes.bar(places, shares, width * 0.92, color=task_colour(number), label=task)
        axes.bar_label(bars, fmt="%.0f", fontsize=8, padding=2)
    axes.axvline(len(layers) - 0.5, color="#bbbbbb", linewidth=0.8)
    axes.set_xticks(range(len(layers) + 1), [*layers, "together"])
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(0, 108)  # room for a number above 100
    axes.set_yticks(range(0, 101, 20))
    axes.set_ylabel("remaining weights (%)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("Sparsity per layer", fontsize=11)
    figure.legend(loc="outside lower center", ncols=min(len(tasks), 5), frameon=False, fontsize=9)
    return figure
