"""What a model is, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification


def model_summary(model: TaggerForTokenClassification) -> dict[str, Any]:
    """Sharing, sizes and tasks in plain values."""
    config = model.config
    return {
        "model_type": config.model_type,
        "sharing": config.sharing,
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
        ("sharing", config.sharing.replace("_", " ")),
        ("layers", f"{config.num_layers} of {config.hidden_size} units per direction"),
        ("subspaces", str(config.num_subspaces)),
        ("vocabulary", f"{config.vocab_size:,} words, {config.char_vocab_size:,} characters"),
        ("parameters", f"{model.num_parameters():,}"),
    ]


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
