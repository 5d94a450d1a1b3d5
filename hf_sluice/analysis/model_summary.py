"""What a model is, in a few lines."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

if TYPE_CHECKING:
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification


def sharing_name(model: TaggerForTokenClassification) -> str:
    """``sluice``, ``hard sharing``, ``sparse sharing`` and so on."""
    return _sharing(model).replace("_", " ")


def model_summary(model: TaggerForTokenClassification) -> dict[str, Any]:
    """Sharing, sizes and tasks in plain values."""
    config = model.config
    return {
        "model_type": config.model_type,
        "sharing": _sharing(model),
        "parameters": model.num_parameters(),
        "num_layers": config.num_layers,
        "hidden_size": config.hidden_size,
        "vocab_size": config.vocab_size,
        "tasks": [dict(task) for task in config.tasks],
    }


def model_facts(model: TaggerForTokenClassification) -> list[tuple[str, str]]:
    """Sharing and sizes as text."""
    config = model.config
    return [
        ("sharing", sharing_name(model)),
        ("layers", f"{config.num_layers} of {config.hidden_size} units per direction"),
        *_particulars(model),
        ("vocabulary", f"{config.vocab_size:,} words, {config.char_vocab_size:,} characters"),
        ("parameters", f"{model.num_parameters():,}"),
    ]


def _sharing(model: TaggerForTokenClassification) -> str:
    return model.config.sharing if isinstance(model, SluiceForTokenClassification) else model.config.model_type


def _particulars(model: TaggerForTokenClassification) -> list[tuple[str, str]]:
    """What one kind of model has and others have not."""
    if isinstance(model, SluiceForTokenClassification):
        return [("networks", str(model.config.num_networks)), ("subspaces", str(model.config.num_subspaces))]
    if isinstance(model, SparseSharingForTokenClassification):
        masked = model.config.masked_shapes()
        weights = sum(map(prod, masked.values()))
        return [("masked", f"{weights:,} weights of {len(masked)} parameters")]
    return []


def tasks_table(model: TaggerForTokenClassification) -> TextTable:
    """The tasks."""
    rows = tuple(
        (
            task["name"],
            task.get("kind", "classification"),
            task.get("metric", NOTHING),
            str(len(task.get("labels", ())) or NOTHING),
            f"{task.get('weight', 1.0):g}",
        )
        for task in model.config.tasks
    )
    return TextTable("Tasks", ("task", "kind", "metric", "labels", "λ"), rows, num_names=3)
