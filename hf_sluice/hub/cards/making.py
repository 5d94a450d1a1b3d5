"""How a model was made: its parts, its training, what that took, and with which settings and libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from hf_sluice.analysis.model_summary import model_facts
from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.hub.harmless_records import harmless
from hf_sluice.models.mask_measures import counted_parameters
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.tasks import TaskMetric

_LARGE = ("alpha_init", "beta_init")  # where they are no names


def size_table(record: CardRecord) -> TextTable:
    """The parts of the model and their parameters."""
    model: Any = record.tagger.model
    facts = [*model_facts(model), ("parameters without embeddings and heads", f"{counted_parameters(model):,}")]
    if isinstance(model, SparseSharingForTokenClassification):
        facts[-1] = ("parameters without embeddings and heads, of masked ones those used", facts[-1][1])
    return TextTable("Size", ("", ""), tuple(facts), num_names=2)


def cost_table(record: CardRecord) -> TextTable | None:
    """What training took; None without a record."""
    results = record.results
    return None if results is None else TextTable("Cost", ("", ""), tuple(_cost(record, results)), num_names=2)


def epochs_table(record: CardRecord) -> TextTable | None:
    """The development score of each epoch; None without a log."""
    if not record.epochs:
        return None
    best = None if record.results is None else record.results.get("best_epoch")
    rows = tuple(
        (
            f"{epoch['epoch'] + 1}{' (kept)' if epoch['epoch'] == best else ''}",
            f"{epoch['step']:,}",
            *(_score(task.metric, epoch["validation"].get(task.name)) for task in record.tasks),
        )
        for epoch in record.epochs
    )
    return TextTable("Development scores", ("epoch", "steps", *(task.name for task in record.tasks)), rows, num_names=1)


def versions_table(record: CardRecord) -> TextTable | None:
    """The versions of program and libraries; None where they are not on record."""
    if record.results is None or not record.results.get("versions"):
        return None
    rows = tuple((name, str(version)) for name, version in record.results["versions"].items())
    commit = record.results.get("commit")
    return TextTable("Versions", ("", "version"), (*rows, *((("commit of hf_sluice", commit),) if commit else ())), 2)


def recipe_text(record: CardRecord) -> str | None:
    """The recipe as YAML, defaults included, without what is particular to a machine; None without a run."""
    if record.recipe is None:
        return None
    values = record.recipe.model_dump(mode="json", exclude={"output": True, "data": {"root"}})
    return yaml.safe_dump(harmless(values), sort_keys=False, allow_unicode=True)


def model_settings(record: CardRecord) -> str:
    """The fields of the model's configuration that a recipe may set, defaults included, as YAML."""
    config: Any = record.tagger.model.config
    values = {name: getattr(config, name) for name in config.recipe_fields()}
    for name in _LARGE:
        if isinstance(values.get(name), list):
            values[name] = "as in config.json"
    return yaml.safe_dump({"model_type": config.model_type, **values}, sort_keys=False, allow_unicode=True)


def _cost(record: CardRecord, results: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    machine = results.get("machine") or {}
    kept = f"that of epoch {results['best_epoch'] + 1} kept"
    yield "training", f"{_number(results['epochs'], 'epoch')}, {_number(results['steps'], 'step')}, {kept}"
    yield "time", f"{_duration(results['training_seconds'])}, since the last resumption if there was one"
    if record.search is not None:
        candidates = [one for of_task in record.search.candidates.values() for one in of_task]
        seconds = _duration(sum(one.seconds for one in candidates))
        yield "search for masks", f"{_number(len(candidates), 'candidate')} in {seconds}, the warm-up not counted"
    if results.get("search_seconds"):
        yield "warm-up and search", f"{_duration(results['search_seconds'])} in this run"
    processes = results.get("processes", 1)
    threads = f", with {_number(machine['threads'], 'thread')} each" if machine else ""
    yield "processes", f"{processes}{threads}, on {results.get('device', 'an unknown device')}"
    hardware = machine.get("gpu") or machine.get("processor")
    if hardware:
        yield "hardware", str(hardware)


def _number(number: int, of: str) -> str:
    return f"{number:,} {of}" if number == 1 else f"{number:,} {of}s"


def _duration(seconds: float) -> str:
    minutes = 60
    return f"{seconds:.0f} s" if seconds < 2 * minutes else f"{seconds / minutes:.0f} min"


def _score(metric: TaskMetric, value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{100 * value:.2f}" if metric.is_share else f"{value:.4f}"
