"""What predictions are worth, as pictures: their calibration, and scores over the number of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hf_sluice.analysis.task_relations.elimination import Elimination
    from hf_sluice.analysis.task_relations.validation import Validation

RANDOM, NEW = "random pairs", "a new task"
_STYLES = {RANDOM: ("#0072B2", "o"), NEW: ("#D55E00", "s"), "two new tasks": ("#CC79A7", "D")}
_SMALLEST, _LARGEST = 25.0, 250.0  # of dots, in square points


def reliability_figure(validation: Validation) -> Figure:
    """Share of gains against predicted probability, a dot per range; the larger, the more predictions lie in it.

    On the dotted diagonal, probabilities are what they say.
    """
    figure = Figure(figsize=(4.8, 4.8), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1, linestyle=":")
    for name, scores in validation.held_out.items():
        table, (colour, marker) = scores.reliability, _STYLES[name]
        share = table["predictions"] / table["predictions"].sum()
        size = _SMALLEST + (_LARGEST - _SMALLEST) * share
        axes.plot(table["predicted"], table["gains"], color=colour, linewidth=1.2)
        label = f"{name} (Brier score {scores.brier:.3f})"
        axes.scatter(table["predicted"], table["gains"], s=size, color=colour, marker=marker, label=label)
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlabel("predicted probability of a gain")
    axes.set_ylabel("share of gains")
    _finish(axes)
    figure.legend(loc="outside lower center", ncols=1, frameon=False, fontsize=9)
    return figure


def elimination_figure(elimination: Elimination, published_f1: float, always_f1: float) -> Figure:
    """F1 of gains over the number of features left.

    Args:
        elimination: its path; the number chosen is ringed.
        published_f1: of the published best combination.
        always_f1: of always saying that there is a gain.
    """
    path = elimination.path.sort_index()
    figure = Figure(figsize=(6.6, 4.2), layout="constrained")
    axes = figure.subplots()
    for column, name in (("f1", RANDOM), ("f1_new_task", NEW)):
        colour, marker = _STYLES[name]
        axes.plot(path.index, path[column], color=colour, marker=marker, markersize=3.5, linewidth=1.2, label=name)
    best = len(elimination.best)
    axes.plot(best, path.loc[best, "f1"], "o", color=_STYLES[RANDOM][0], markersize=11, fillstyle="none")
    axes.axhline(published_f1, color="#009E73", linewidth=1, linestyle="--", label="published best combination")
    axes.axhline(always_f1, color="#888888", linewidth=1, linestyle=":", label="always a gain")
    axes.set_ylim(0, 1)
    axes.set_xlabel("features of pairs left")
    axes.set_ylabel("F1 of gains")
    _finish(axes)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    return figure


def _finish(axes: Axes) -> None:
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
