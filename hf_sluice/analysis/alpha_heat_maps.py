"""α as a picture (Ruder et al. 2017, Figure 2): per layer a heat map whose rows draw from its columns.

Shape letters: K layers, N networks, S subspaces, U = N·S rows and columns of α.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from hf_sluice.analysis.figure_numbers import two_decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from numpy.typing import NDArray

# All lengths in inches.
_CELL, _CHARACTER = 0.44, 0.085
_WIDEST = 15.0
_COLOURS = "RdBu_r"
_DARK = 0.6  # of the scale: on darker cells, the number is white
_HATCHING: dict[str, Any] = {"fill": False, "hatch": "////", "edgecolor": "#b0b0b0", "linewidth": 0}


def alpha_heat_maps(
    alpha_KUU: NDArray[np.float64],
    networks: Sequence[str],
    is_fixed_KUU: NDArray[np.bool_] | None = None,
    title: str = "α: target ← source",
) -> Figure:
    """One panel per layer, all on one scale of colours around 0, the values written in the cells.

    Args:
        alpha_KUU: the weights; rows are targets, columns sources.
        networks: their N names, as :attr:`Sharing.networks` gives them; U is a multiple of N.
        is_fixed_KUU: entries that are not learned; they are hatched.
        title: above the panels.
    """
    num_layers, units, _ = alpha_KUU.shape
    names = _CHARACTER * max(map(len, networks))
    width = units * _CELL + 0.25
    height = units * _CELL + (names if _are_slanted(networks, units) else 0.2) + 0.8
    columns = max(1, min(num_layers, int((_WIDEST - names) / width)))
    rows = -(-num_layers // columns)
    figure = Figure(figsize=(names + columns * width + 1.3, rows * height + 0.5), layout="compressed")
    every = figure.subplots(rows, columns, squeeze=False).ravel()
    limit = float(np.abs(alpha_KUU).max()) or 1.0
    image: AxesImage
    for layer, axes in enumerate(every[:num_layers]):
        image = axes.imshow(alpha_KUU[layer], cmap=_COLOURS, norm=Normalize(-limit, limit))
        _write_values(axes, image, alpha_KUU[layer], limit)
        _label(axes, networks, units // len(networks))
        if layer % columns == 0:
            axes.set_ylabel("target", fontsize=9)
        else:
            axes.tick_params(which="both", labelleft=False)
        axes.set_title(f"layer {layer + 1}", fontsize=10)
        if is_fixed_KUU is not None:
            _hatch(axes, is_fixed_KUU[layer])
    for axes in every[num_layers:]:
        axes.remove()
    bar = figure.colorbar(image, ax=every[:num_layers].tolist(), aspect=22, pad=0.015)
    bar.ax.tick_params(labelsize=8)
    figure.suptitle(title, fontsize=11)
    if is_fixed_KUU is not None and is_fixed_KUU.any():
        patch = Patch(**_HATCHING, label="fixed, not learned")
        figure.legend(handles=[patch], loc="outside lower right", frameon=False, fontsize=9)
    return figure


def _are_slanted(networks: Sequence[str], units: int) -> bool:
    """Whether the columns' names are too long to stand beside each other."""
    return max(map(len, networks)) * _CHARACTER > _CELL * units / len(networks)


def _write_values(axes: Axes, image: AxesImage, alpha_UU: NDArray[np.float64], limit: float) -> None:
    for (target, source), value in np.ndenumerate(alpha_UU):
        colour = "white" if abs(value) > _DARK * limit else "black"
        # No hatching behind numbers.
        behind = {"facecolor": image.to_rgba(np.asarray(value)), "edgecolor": "none", "pad": 1.2}
        axes.text(source, target, two_decimals(value), ha="center", va="center", fontsize=8, color=colour, bbox=behind)


def _label(axes: Axes, networks: Sequence[str], subspaces: int) -> None:
    """Names of networks, and between them and the cells the numbers of their subspaces; lines between networks."""
    units = len(networks) * subspaces
    centres = np.arange(len(networks)) * subspaces + (subspaces - 1) / 2
    slant: dict[str, Any] = (
        {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if _are_slanted(networks, units) else {}
    )
    axes.set_xticks(centres, networks, fontsize=9, **slant)
    axes.set_yticks(centres, networks, fontsize=9)
    if subspaces > 1:
        numbers = [str(s + 1) for _ in networks for s in range(subspaces)]
        axes.set_xticks(range(units), numbers, minor=True, fontsize=7.5, color="#555555")
        axes.set_yticks(range(units), numbers, minor=True, fontsize=7.5, color="#555555")
        axes.tick_params(which="major", pad=14)
        axes.tick_params(which="minor", pad=3)
    axes.tick_params(which="both", length=0)
    for border in np.arange(1, len(networks)) * subspaces - 0.5:
        axes.axhline(border, color="black", linewidth=0.8)
        axes.axvline(border, color="black", linewidth=0.8)
    axes.set_xlabel("source", fontsize=9)


def _hatch(axes: Axes, is_fixed_UU: NDArray[np.bool_]) -> None:
    for target, source in np.argwhere(is_fixed_UU):
        axes.add_patch(Rectangle((source - 0.5, target - 0.5), 1, 1, **_HATCHING, zorder=1.5))
