"""Advice as a picture: how likely each auxiliary task is to help, and which features say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from hf_sluice.analysis.task_relations.gain_numbers import gain_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hf_sluice.analysis.task_relations.advice import Advice

_ROW, _COLUMN, _CHARACTER = 0.42, 0.5, 0.085  # inches
_BARS = 2.6  # inches
_FEATURES = 10
_FOR, _AGAINST = "#3a76af", "#c0504d"
_COLOURS = "RdBu"  # against red, for blue
_LEAST_LIMIT = 0.5  # log odds: contributions that are all tiny are to look tiny


def advice_figure(advice: Advice) -> Figure:
    """Bars of probability of a gain, and a heat map of the features that move it most, one row per auxiliary task."""
    tasks = advice.auxiliaries
    moves = _moves(advice)
    names = _CHARACTER * max(len(task.name) for task in tasks)
    labels = _CHARACTER * max(map(len, moves))
    width = names + _BARS + _COLUMN * len(moves) + 1.6
    figure = Figure(figsize=(width, _ROW * len(tasks) + 0.75 * labels + 1.3), layout="constrained")
    bars, cells = figure.subplots(1, 2, width_ratios=[_BARS, _COLUMN * len(moves)], sharey=True)
    _draw_bars(bars, advice)
    _draw_moves(figure, cells, np.array(list(moves.values())).T, list(moves))
    figure.suptitle(f"Which auxiliary task will help {advice.main}?", fontsize=11)
    return figure


def _moves(advice: Advice) -> dict[str, list[float]]:
    """Per feature of pairs, those that move the log odds most first, its contribution for each auxiliary task."""
    found: dict[str, list[float]] = {}
    for task in advice.auxiliaries:
        for reason in task.reasons:
            found.setdefault(reason.feature, []).append(reason.log_odds)
    strongest = sorted(found, key=lambda feature: -max(map(abs, found[feature])))
    return {feature: found[feature] for feature in strongest[:_FEATURES]}


def _draw_bars(axes: Axes, advice: Advice) -> None:
    tasks = advice.auxiliaries
    rows = range(len(tasks))
    colours = [_FOR if task.probability > 0.5 else _AGAINST for task in tasks]  # noqa: PLR2004 - even odds
    axes.barh(rows, [task.probability for task in tasks], color=colours, height=0.6)
    for row, task in zip(rows, tasks, strict=True):
        inside = task.probability > 0.6  # noqa: PLR2004 - the text fits
        axes.text(
            task.probability + (-0.02 if inside else 0.02),
            row,
            f"{task.probability:.2f}  ({gain_number(task.gain)} %)",
            ha="right" if inside else "left",
            va="center",
            fontsize=8.5,
            color="white" if inside else "black",
        )
    axes.axvline(0.5, color="#808080", linewidth=0.8, linestyle=":")
    axes.set_xlim(0, 1)
    axes.set_yticks(list(rows), [task.name for task in tasks], fontsize=9)
    axes.invert_yaxis()
    axes.set_xlabel("probability of a gain (and change expected)", fontsize=9)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _draw_moves(figure: Figure, axes: Axes, moves: np.ndarray, features: list[str]) -> None:
    limit = max(_LEAST_LIMIT, float(np.abs(moves).max()))
    image = axes.imshow(moves, cmap=_COLOURS, norm=Normalize(-limit, limit), aspect="auto")
    for row, column in np.ndindex(moves.shape):
        value = moves[row, column]
        colour = "white" if abs(value) > 0.6 * limit else "black"
        text = f"{round(float(value), 1) + 0.0:+.1f}".replace("-", "−")
        axes.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(features)), features, fontsize=8, rotation=45, ha="right", rotation_mode="anchor")
    axes.tick_params(length=0, labelleft=False)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, aspect=20, pad=0.02)
    bar.ax.tick_params(labelsize=8)
    bar.set_label("moves the log odds by", fontsize=8)
