"""What a run is about to do."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hf_sluice.models.configuration_tagger import TaggerConfig
    from hf_sluice.training.trainer import MultiTaskTrainer

_SPLITS = ("train", "validation", "test")


def tasks_table(trainer: MultiTaskTrainer) -> TextTable:
    """The tasks with the sentences that carry them and the steps that train them."""
    steps = Counter(task for step in trainer.planner.epoch(0) for task in step.tasks)
    rows = tuple(
        (
            task.name,
            task.metric,
            str(len(task.labels) or NOTHING),
            *(f"{len(trainer.split(split).labelled_sentences(task.name)):,}" for split in _SPLITS),
            f"{steps[task.name]:,}",
            f"{task.weight:g}",
        )
        for task in trainer.tasks
    )
    columns = ("task", "metric", "labels", *_SPLITS, "steps/epoch", "λ")
    return TextTable("Tasks and the sentences that carry them", columns, rows, num_names=2)


def run_facts(trainer: MultiTaskTrainer) -> list[tuple[str, str]]:
    """Data, model and machine: what, and how much of it."""
    settings, accelerator = trainer.settings, trainer.accelerator
    model = accelerator.unwrap_model(trainer.model)
    steps = len(trainer.planner.epoch(0))
    return [
        *((f"{split} domains", _domains(trainer.split(split).domains)) for split in _SPLITS),
        ("vocabulary", f"{model.config.vocab_size:,} words, {model.config.char_vocab_size:,} characters"),
        ("model", _network(model.config)),
        ("parameters", f"{model.num_parameters():,}"),
        ("training", f"{steps:,} {settings.step.replace('_', '-')} steps per epoch, epochs: at most {settings.epochs}"),
        ("objective", str(settings.objective)),
        ("device", f"{accelerator.device.type}, {_processes(accelerator.num_processes)}"),
    ]


def _network(config: TaggerConfig) -> str:
    layers = "1 layer" if config.num_layers == 1 else f"{config.num_layers} layers"
    if isinstance(config, SparseSharingConfig):
        masked = sum(prod(shape) for shape in config.masked_shapes().values())
        return f"sparse sharing, {layers}, {masked:,} weights that can be masked"
    assert isinstance(config, SluiceConfig)  # noqa: S101 - there is no other
    return f"{config.sharing}, {layers}, {config.num_subspaces} subspaces"


def _domains(domains: Iterable[str | None]) -> str:
    counts = Counter("none" if domain is None else domain for domain in domains)
    return ", ".join(sorted(counts))


def _processes(number: int) -> str:
    return "1 process" if number == 1 else f"{number} processes"
