"""Measures of masks as tables, out of what :func:`hf_sluice.training.learned_sharing.mask_values` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.models.mask_measures import GATES, layer_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_READS = {"weight_ih": "input", "weight_hh": "recurrent"}


def mask_tables(values: Mapping[str, Any]) -> list[TextTable]:
    """Sparsity per task and layer, per gate, and overlap ratios where there are several tasks.

    Args:
        values: ``masks`` of a run's results.
    """
    tables = [sparsity_table(values)]
    if any(values["by_gate"].values()):
        tables.append(gates_table(values))
    if values["pairs"]:
        tables.append(overlap_table(values))
    return tables


def sparsity_table(values: Mapping[str, Any]) -> TextTable:
    """What remains of the masked weights for each task: how many, their share, and the share in each layer."""
    layers = list(next(iter(values["by_layer"].values())))
    rows = tuple(
        (task, f"{values['weights'][task]:,}", percent(share), *(percent(values["by_layer"][task][k]) for k in layers))
        for task, share in values["sparsity"].items()
    )
    title = f"Subnets: what remains of {values['masked_weights']:,} masked weights"
    return TextTable(title, ("task", "weights", "sparsity", *layers), rows, num_names=1)


def gates_table(values: Mapping[str, Any]) -> TextTable:
    """The share that remains of each gate's weights, those on the input and the recurrent ones."""
    rows = tuple(
        (task, layer_of(name), _READS[name.rsplit(".", 1)[-1]], *(percent(of_gates[gate]) for gate in GATES))
        for task, parameters in values["by_gate"].items()
        for name, of_gates in parameters.items()
    )
    return TextTable("Sparsity per gate", ("task", "layer", "weights", *(f"{g} gate" for g in GATES)), rows, 3)


def overlap_table(values: Mapping[str, Any]) -> TextTable:
    """Overlap ratios of every two tasks (Sun et al. 2020, equation 4); that of more tasks stands in the title."""
    tasks = list(values["sparsity"])
    ratios = overlaps_by_pair(values)
    rows = tuple((one, *(NOTHING if one == other else f"{ratios[one, other]:.2f}" for other in tasks)) for one in tasks)
    several = len(values["pairs"]) > 1
    title = f"Overlap ratios; of all tasks: {values['overlap']:.2f}" if several else "Overlap ratios"
    return TextTable(title, ("", *tasks), rows, num_names=1)


def overlaps_by_pair(values: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    """Overlap ratio of every two tasks, in either order."""
    return {pair: ratio for a, b, ratio in values["pairs"] for pair in ((a, b), (b, a))}


def percent(share: float) -> str:
    """A share as text."""
    return f"{100 * share:.1f} %"
