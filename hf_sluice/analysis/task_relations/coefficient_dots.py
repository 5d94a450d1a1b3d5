"""Coefficients of a predictor as a picture (Bingel & Søgaard 2017, Table 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    import pandas as pd

_LINE, _HEAD = 0.22, 1.1  # inches
_COLOUR, _PUBLISHED = "#0072B2", "#D55E00"


def coefficient_dots(coefficients: pd.DataFrame, published: pd.Series | None = None) -> Figure:
    """A line per feature of pairs: the mean coefficient as a dot, its standard deviation over draws as a bar.

    Args:
        coefficients: as :func:`~.coefficients.coefficient_spread` has them; shown in this order, from the top.
        published: those to be held against them, by feature.
    """
    names = [str(name) for name in coefficients.index]
    figure = Figure(figsize=(7.0, _HEAD + _LINE * len(names)), layout="constrained")
    axes = figure.subplots()
    places = np.arange(len(names))
    axes.axvline(0, color="#888888", linewidth=0.8)
    axes.errorbar(
        coefficients["coefficient"],
        places,
        xerr=coefficients["spread"],
        fmt="o",
        color=_COLOUR,
        markersize=5,
        elinewidth=1.2,
        label="mean ± standard deviation over draws of the pairs",
    )
    if published is not None:
        axes.plot(published.reindex(names), places, "x", color=_PUBLISHED, markersize=6, label="published")
    axes.set_yticks(places, [name.replace("_", " ") for name in names], fontsize=8)
    axes.invert_yaxis()
    axes.margins(y=0.01)
    axes.set_xlabel("coefficient: log odds of a gain, from the least value of a feature to its greatest")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    return figure
