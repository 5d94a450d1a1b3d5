"""How large a model is, beside another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.models.mask_measures import counted_parameters
from hf_sluice.models.parallel_lstm import ParallelBiLSTM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification

_NAMES = {
    "parameters": "parameters",
    "counted_parameters": "without embeddings, heads and what no mask keeps",
    "bilstms": "BiLSTMs (networks × layers)",
    "tasks": "tasks",
}


def model_sizes(model: TaggerForTokenClassification) -> dict[str, int]:
    """Parameters, parameters as Sun et al. (2020) count them, BiLSTMs above the input, tasks."""
    return {
        "parameters": model.num_parameters(),
        "counted_parameters": counted_parameters(model),
        "bilstms": _bilstms(model),
        "tasks": len(model.config.tasks),
    }


def size_table(whole: Mapping[str, int], part: Mapping[str, int]) -> TextTable:
    """A model beside a part of it.

    Args:
        whole: what :func:`model_sizes` gives for the one,
        part: and for the other.
    """
    rows = tuple(
        (name, f"{whole[key]:,}", f"{part[key]:,}", _change(whole[key], part[key])) for key, name in _NAMES.items()
    )
    return TextTable("Sizes", ("", "whole", "part", "change"), rows, num_names=1)


def _bilstms(model: TaggerForTokenClassification) -> int:
    layers = (module for name, module in model.base.named_modules() if name.startswith("layers."))
    return sum(layer.num_networks for layer in layers if isinstance(layer, ParallelBiLSTM))


def _change(before: int, after: int) -> str:
    return NOTHING if before == after else f"{100 * (after / before - 1):+.1f} %".replace("-", "−")
