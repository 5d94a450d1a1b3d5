"""The metadata of a model card, by which the Hub finds and shows a model: the YAML before its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huggingface_hub import EvalResult, ModelCardData

from hf_sluice.analysis.model_summary import sharing_name
from hf_sluice.evaluation.evaluator import ALL_DOMAINS
from hf_sluice.hub.harmless_text import in_markdown
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hf_sluice.evaluation.evaluator import ScoreRow
    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.scores import CardScores
    from hf_sluice.hub.cards.sources import Sources
    from hf_sluice.tasks import Task

PIPELINE_TAG = "token-classification"
EXAMPLE = "The ferry from Oslo to Copenhagen leaves at noon, but Lufthansa flies there twice a day."
"""An English text to try a tagger with."""

# The Hub's names of metrics: https://huggingface.co/metrics.
_METRICS = {
    TaskMetric.ACCURACY: "accuracy",
    TaskMetric.SPAN_F1: "f1",
    TaskMetric.MEAN_SQUARED_ERROR: "mse",
    TaskMetric.SPEARMAN: "spearmanr",
}
_TAGS = {
    "pos": "part-of-speech-tagging",
    "upos": "part-of-speech-tagging",
    "chunk": "chunking",
    "ner": "named-entity-recognition",
    "srl": "semantic-role-labeling",
}
"""Of the tasks of corpora that are known; in others the names may mean anything."""
_DECIMALS = 6


def card_metadata(record: CardRecord, sources: Sources, scores: CardScores | None, model_name: str) -> ModelCardData:
    """The metadata.

    Args:
        record: of the model.
        sources: of its data.
        scores: of its run, where there is one.
        model_name: under which the results stand.
    """
    results = [] if scores is None else list(_results(scores, sources))
    metrics = dict.fromkeys(result.metric_type for result in results)
    licence = sources.licence
    others: dict[str, Any] = {"widget": [{"text": EXAMPLE}]} if "en" in sources.languages else {}
    return ModelCardData(
        language=sources.languages or None,
        license=licence,
        license_name="licences-of-the-training-data" if licence == "other" else None,
        library_name="transformers",
        pipeline_tag=PIPELINE_TAG,
        tags=_tags(record, sources),
        datasets=list(sources.hub_ids) or None,
        metrics=list(metrics) or None,
        model_name=in_markdown(model_name) if results else None,
        eval_results=results or None,
        **others,
    )


def _tags(record: CardRecord, sources: Sources) -> list[str]:
    named = [_TAGS[task.name] for task in record.tasks if task.name in _TAGS] if sources.corpora else []
    sharing = sharing_name(record.tagger.model).replace(" ", "-")
    return list(dict.fromkeys(["hf_sluice", "multi-task-learning", "sequence-tagging", sharing, *named]))


def _results(scores: CardScores, sources: Sources) -> Iterator[EvalResult]:
    """The test scores of each task in each domain, and in all sentences together."""
    for task in scores.tasks:
        for domain in (*scores.domains(), ALL_DOMAINS):
            row = scores.row(scores.system, task, domain)
            if row is not None:
                yield from _of_row(task, row, scores, sources)


def _of_row(task: Task, row: ScoreRow, scores: CardScores, sources: Sources) -> Iterator[EvalResult]:
    title, domain = in_markdown(sources.title or "data of the run"), in_markdown(row.domain)
    trained = scores.trained_domains
    known = row.domain != ALL_DOMAINS and trained is not None
    place = "all test sentences" if row.domain == ALL_DOMAINS else domain
    values = {_METRICS[task.metric]: row.value, "precision": row.precision, "recall": row.recall}
    if row.accuracy is not None:
        values["accuracy"] = row.accuracy
    for metric, value in values.items():
        if value is not None:
            yield EvalResult(
                task_type=PIPELINE_TAG,
                task_name=task.name,
                dataset_type=_dataset_type(sources),
                dataset_name=f"{title} ({place})",
                # The client takes results for those of one task that differ in the name of the task alone.
                dataset_config=f"{task.name}/{domain}",
                dataset_split="test",
                dataset_revision=sources.revision,
                dataset_args={"trained_on": row.domain in (trained or ())} if known else None,
                metric_type=metric,
                metric_value=round(float(value), _DECIMALS),  # a NumPy number would be written as an object
            )


def _dataset_type(sources: Sources) -> str:
    """The data set's name on the Hub, or the one that this package has for it."""
    if len(sources.hub_ids) == 1:
        return sources.hub_ids[0]
    return "+".join([*(source.name for source in sources.corpora), *sources.unknown]) or "unknown"
