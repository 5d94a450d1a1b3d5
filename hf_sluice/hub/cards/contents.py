"""What the template of a card names: the sections, made of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.hub.cards import making
from hf_sluice.hub.cards.data_section import licence_words, sizes_table, source_lines
from hf_sluice.hub.cards.limits import limits
from hf_sluice.hub.cards.markdown import Markdown, fenced, folded, table
from hf_sluice.hub.cards.metadata import EXAMPLE
from hf_sluice.hub.cards.papers import citations
from hf_sluice.hub.cards.pictures import sharing_tables
from hf_sluice.hub.cards.summary import summary
from hf_sluice.hub.cards.tasks import label_sets, task_words, tasks_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.evaluation.tables import TextTable
    from hf_sluice.hub.cards.pictures import Picture
    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.scores import CardScores
    from hf_sluice.hub.cards.sources import Sources

_DETAILS = "All test sentences: precision, recall, and the scores of each type of span"
_BASELINES = {
    "majority": "*majority* gives each word the label that it most often has in training",
    "single task": "*single task* is one model per task of the same sizes and training, chosen by its own task",
}


def contents(
    record: CardRecord, sources: Sources, scores: CardScores | None, name: str, pictures: Sequence[Picture]
) -> dict[str, Any]:
    """The values by the names that the template has for them.

    Args:
        record: of the model.
        sources: of its data.
        scores: of its run, where there is one.
        name: of the model.
        pictures: those drawn.
    """
    return {
        "name": name,
        "summary": summary(record, sources, scores),
        "pictures": pictures,
        **_use(record),
        "tasks": table(tasks_table(record)),
        "task_words": task_words(record, sources),
        "label_sets": label_sets(record),
        "source_lines": list(source_lines(sources)),
        "licence_words": licence_words(sources),
        "sizes": _shown(sizes_table(record)),
        "notes": record.notes,
        "scores": None if scores is None else table(scores.table()),
        "baselines": _baselines(scores),
        "is_best_epoch": record.keeps_best_epoch,
        "has_shares": any(task.metric.is_share for task in record.tasks),
        "details": _folded(_DETAILS, [] if scores is None else [scores.details()]),
        "epochs": _folded("Development scores after each epoch", [making.epochs_table(record)]),
        "sharing_tables": _folded("What it shares, in numbers", sharing_tables(record)),
        "size": table(making.size_table(record)),
        "cost": _shown(making.cost_table(record)),
        "settings": _settings(record),
        "versions": _folded("Versions it was trained with", [making.versions_table(record)]),
        "limits": limits(record, sources, scores),
        "citations": fenced(citations(record, sources), "bibtex"),
    }


def _use(record: CardRecord) -> dict[str, Any]:
    config = record.tagger.model.config
    return {
        "repo_id": record.repo_id,
        "place": record.repo_id or ".",
        "text": EXAMPLE,
        "task": config.default_task or config.task_names[0],
        "one_task": len(config.tasks) == 1,
        "kind": Markdown(type(record.tagger.model).__name__.removesuffix("ForTokenClassification")),
        "is_sluice": config.model_type == "sluice",
    }


def _baselines(scores: CardScores | None) -> Markdown:
    if scores is None:
        return Markdown("")
    return Markdown("".join(f" {text}." for system, text in _BASELINES.items() if system in scores.systems[:-1]))


def _settings(record: CardRecord) -> Markdown:
    recipe = making.recipe_text(record)
    blocks = [f"The model:\n\n{fenced(making.model_settings(record), 'yaml')}"]
    if recipe is not None:
        blocks.append(f"The recipe, of which `hf-sluice train` makes such a model:\n\n{fenced(recipe, 'yaml')}")
    return folded("All settings", "\n\n".join(blocks))


def _shown(shown: TextTable | None) -> Markdown | None:
    return None if shown is None else table(shown)


def _folded(summary: str, tables: Iterable[TextTable | None]) -> Markdown:
    """Tables with their titles behind a summary; nothing where there are none."""
    shown = [one for one in tables if one is not None]
    if len(shown) == 1:
        return folded(summary, table(shown[0]))
    return folded(summary, "\n\n".join(f"{one.title}:\n\n{table(one)}" for one in shown)) if shown else Markdown("")
