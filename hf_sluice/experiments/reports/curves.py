"""Lines over something that grows (sentences, epochs), one value per seed: as a table and as a picture.

A line is a table (DataFrame) with a row per x and a column per seed, NaN where a value is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, NullLocator

from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

Curves: TypeAlias = dict[str, pd.DataFrame]

# Okabe & Ito's colours, which readers who confuse red and green can tell apart, each with a marker of its own.
STYLES = [("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#CC79A7", "D"), ("#E69F00", "v"), ("#56B4E9", "P")]
_FEW_POINTS = 12  # markers on more than so many only hide the line


def curves(values: pd.DataFrame, line: str, x: str, y: str, names: Sequence[str], seeds: Sequence[int]) -> Curves:
    """Lines out of a table with one row per line, x and seed.

    Args:
        values: the table.
        line: its column with the lines' names.
        x: its column with x.
        y: its column with the values.
        names: the lines, in order; one without a value is empty.
        seeds: the seeds that there should be.
    """
    found = {name: values[values[line] == name] for name in names}
    return {name: rows.pivot_table(index=x, columns="seed", values=y).reindex(columns=seeds)
            for name, rows in found.items()}  # fmt: skip


def curve_table(lines: Curves, places: Sequence[int], digits: int, title: str, corner: str) -> TextTable:
    """One row per line and one column per x: mean ± sample standard deviation over seeds.

    Args:
        lines: the lines.
        places: the values of x to show.
        digits: after the decimal point.
        title: of the table.
        corner: what the lines are.
    """
    rows = tuple(
        (name, *(spread(values.loc[x] if x in values.index else pd.Series(dtype=float), digits, values.shape[1])
                 for x in places))
        for name, values in lines.items()
    )  # fmt: skip
    return TextTable(title, (corner, *map(str, places)), rows, num_names=1)


def spread(values: pd.Series, digits: int, num_seeds: int, sign: Literal["+", "-"] = "-") -> str:
    """Mean ± sample standard deviation; how many values there are where one is missing.

    Args:
        values: one per seed, NaN where one is missing.
        digits: after the decimal point.
        num_seeds: how many there should be.
        sign: ``+`` to have a sign before positive means, too.
    """
    known = values.dropna()
    if known.empty:
        return NOTHING
    text = f"{known.mean():{sign}.{digits}f}"
    if len(known) > 1:
        text += f" ± {known.std():.{digits}f}"
    return text if len(known) == num_seeds else f"{text} ({len(known)} of {num_seeds} seeds)"


def curve_figure(lines: Curves, x: str, y: str, *, logarithmic: bool = False, level: float | None = None) -> Figure:
    """Means as lines, mean ± standard deviation as bands.

    Args:
        lines: the lines.
        x: what is on the x axis.
        y: what is on the y axis.
        logarithmic: whether the x axis is, with a tick at each x.
        level: where to draw a dashed line across.
    """
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    axes = figure.subplots()
    if level is not None:
        axes.axhline(level, color="#888888", linewidth=0.8, linestyle="--", zorder=1)
    draw_curves(axes, lines)
    if logarithmic:
        places = sorted({place for values in lines.values() for place in values.index})
        axes.set_xscale("log")
        axes.set_xticks(places, map(str, places))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(frameon=False)
    return figure


def draw_curves(axes: Axes, lines: Curves) -> None:
    """Draws means as lines and mean ± standard deviation as bands, over a grid.

    Args:
        axes: where to.
        lines: the lines; one's place says its colour.
    """
    for number, (name, values) in enumerate(lines.items()):
        _draw(axes, name, values, *STYLES[number % len(STYLES)])
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _draw(axes: Axes, name: str, values: pd.DataFrame, colour: str, marker: str) -> None:
    mean, deviation = values.mean(axis=1), values.std(axis=1).fillna(0.0)
    x = values.index.to_numpy(dtype=np.float64)
    axes.plot(x, mean, color=colour, marker=marker if len(x) <= _FEW_POINTS else "", markersize=5, label=name, zorder=3)
    axes.fill_between(x, mean - deviation, mean + deviation, color=colour, alpha=0.18, linewidth=0, zorder=2)
