"""What goes with the share of weights that remain, round by round, as pictures (Sun et al. 2020, Figures 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from hf_sluice.analysis.task_colours import task_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from hf_sluice.analysis.overlap_by_round import RoundOverlap
    from hf_sluice.analysis.recorded_search import RecordedSearch

_SIZE = (6.0, 4.0)  # inches


def score_curves(search: RecordedSearch) -> Figure:
    """Development scores against sparsity: a line per task, its chosen candidate ringed."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    for number, (task, candidates) in enumerate(search.candidates.items()):
        colour, chosen = task_colour(number), search.chosen[task]
        x, y = [100 * one.sparsity for one in candidates], [one.score for one in candidates]
        axes.plot(x, y, "o-", color=colour, markersize=4, linewidth=1.4, label=task)
        axes.plot(100 * chosen.sparsity, chosen.score, "o", color=colour, markersize=11, fillstyle="none")
    ring = Line2D([], [], linestyle="", marker="o", markersize=11, fillstyle="none", color="#555555", label="chosen")
    _finish(axes, "development score")
    axes.set_title("Development score against sparsity", fontsize=11)
    handles = [*axes.get_legend_handles_labels()[0], ring]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 5), frameon=False, fontsize=9)
    return figure


def overlap_curves(rounds: Sequence[RoundOverlap]) -> Figure:
    """Overlap ratios against sparsity: a line per pair of tasks and, where there are several pairs, one for all tasks.

    Args:
        rounds: at least one.
    """
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    x = [100 * one.sparsity for one in rounds]
    pairs = [(one, other) for one, other, _ in rounds[0].pairs]
    for number, pair in enumerate(pairs):
        y = [one.pairs[number][2] for one in rounds]
        axes.plot(x, y, "o-", color=task_colour(number), markersize=4, linewidth=1.4, label=" & ".join(pair))
    if len(pairs) > 1:
        axes.plot(x, [one.overlap for one in rounds], "s-", color="black", markersize=4, linewidth=1.8, label="all")
    _finish(axes, "overlap ratio")
    axes.set_ylim(0, 1.04)
    axes.set_title("Overlap of the tasks' masks against sparsity", fontsize=11)
    figure.legend(loc="outside lower center", ncols=min(len(pairs) + 1, 3), frameon=False, fontsize=9)
    return figure


def _finish(axes: Axes, y: str) -> None:
    axes.invert_xaxis()  # from the whole network to the sparsest subnets
    axes.set_xlabel("remaining weights (%)")
    axes.set_ylabel(y)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
