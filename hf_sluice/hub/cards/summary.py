"""A model in a few sentences: what it does, what it was trained on, how good it is, what it learned to share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.model_summary import sharing_name
from hf_sluice.hub.cards.markdown import Markdown, as_markdown, listed, written
from hf_sluice.hub.cards.mixing_words import mixing_words
from hf_sluice.hub.cards.scores import METRIC_NAMES, score_words
from hf_sluice.hub.cards.subnet_words import subnet_words
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.tasks import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.scores import CardScores
    from hf_sluice.hub.cards.sources import Sources

_METHODS = {
    "sluice": "sluice network ([Ruder et al. 2019](https://arxiv.org/abs/1705.08142))",
    "sparse sharing": "sparse-sharing model ([Sun et al. 2020](https://arxiv.org/abs/1911.05034))",
}
_SINGLE_TASK = "single task"


def summary(record: CardRecord, sources: Sources, scores: CardScores | None) -> list[Markdown]:
    """The paragraphs."""
    found = [
        _joined([_purpose(record), *_training(record, sources)]),
        _joined([] if scores is None else [*_quality(scores), *_gains(scores)]),
        _joined([*_taken_over(record), *sharing_words(record)]),
    ]
    return [paragraph for paragraph in found if paragraph]


def sharing_words(record: CardRecord) -> list[Markdown]:
    """What was learned to share, in sentences."""
    model: Any = record.tagger.model
    return subnet_words(record) if isinstance(model, SparseSharingForTokenClassification) else mixing_words(model)


def _taken_over(record: CardRecord) -> Iterator[Markdown]:
    """From which model the run had what it shares, where it did not begin anew."""
    given = (record.results or {}).get("architecture")
    if not given:
        return
    kept = "was kept as it is" if given["learn"] == "frozen" else "was learned further"
    revision = written(" at {revision}", revision=given["revision"]) if given.get("revision") else Markdown("")
    yield written(
        "What it shares was learned by another model, {source}{revision}, and {kept} (architecture {digest}).",
        source=given["source"], revision=revision, kept=kept, digest=given["sha256"][:12],
    )  # fmt: skip


def _purpose(record: CardRecord) -> Markdown:
    name = sharing_name(record.tagger.model)
    tasks = [task.name for task in record.tasks]
    at_once = f" for {len(tasks)} tasks at once:" if len(tasks) > 1 else " for one task,"
    kinds = {task.kind for task in record.tasks}
    gives = {TaskKind.CLASSIFICATION: "labels", TaskKind.REGRESSION: "numbers"}
    return written(
        "A {method} that gives every word of a text its {what}{at_once} {tasks}.",
        method=Markdown(_METHODS.get(name, f"tagger with {name}" if "sharing" in name else f"tagger ({name})")),
        what=Markdown(" and ".join(text for kind, text in gives.items() if kind in kinds)),
        at_once=Markdown(at_once), tasks=listed(tasks),
    )  # fmt: skip


def _training(record: CardRecord, sources: Sources) -> Iterator[Markdown]:
    train = record.group("train")
    size = [] if train is None else [Markdown(f"{train['sentences']:,} sentences ({train['words']:,} words)")]
    title = [as_markdown(sources.title)] if sources.title else []
    if size or title:
        yield written("It was trained on {data}.", data=Markdown(" of ".join([*size, *title])))
    trained = record.trained_domains
    if trained is None:
        return
    tested = {group["domain"] for group in record.groups if group["split"] == "test" and group["domain"] is not None}
    held_out = sorted(tested - trained)
    was = "was" if len(held_out) == 1 else "were"
    held = written("; {names} {was} held out", names=listed(held_out), was=was) if held_out else Markdown("")
    domains = "Domain" if len(trained) == 1 else "Domains"
    yield written("{domains} trained on: {names}{held}.", domains=domains, names=listed(sorted(trained)), held=held)


def _quality(scores: CardScores) -> Iterator[Markdown]:
    if not scores.domains():
        yield from _scored(scores, "On the test sentences", [])
        return
    for domains, where in (
        (scores.in_domain(), "On test sentences of {which} trained on"),
        (scores.out_of_domain(), "On test sentences of {which} held out"),
    ):
        which = "the domain" if len(domains) == 1 else "the domains"
        mean = " (mean over the domains)" if len(domains) > 1 else ""
        if domains:
            yield from _scored(scores, where.format(which=which) + mean, domains)


def _scored(scores: CardScores, where: str, domains: Sequence[str]) -> Iterator[Markdown]:
    system = scores.system
    rows = {task: scores.mean(system, task, domains) if domains else scores.row(system, task) for task in scores.tasks}
    shown = [score_words(task, row) for task, row in rows.items() if row is not None and row.value is not None]
    if shown:
        yield written("{where} it scores {scores}.", where=Markdown(where), scores=listed(shown))


def _gains(scores: CardScores) -> Iterator[Markdown]:
    """The differences to one model per task, where the run trained these."""
    if _SINGLE_TASK not in scores.scores or scores.system == _SINGLE_TASK:
        return
    shown = []
    for task in scores.tasks:
        own, alone = scores.row(scores.system, task), scores.row(_SINGLE_TASK, task)
        if own is not None and alone is not None and own.value is not None and alone.value is not None:
            change = (own.value - alone.value) * (100 if task.metric.is_share else 1)
            sign = f"{change:+.2f}".replace("-", "−")
            shown.append(written("{task} {sign}", task=task.name, sign=Markdown(sign)))
    if shown:
        yield written(
            "Against one model per task, trained in the same way, the differences are (all test sentences, {points}): "
            "{changes}.",
            points=Markdown(_units(scores)), changes=listed(shown),
        )  # fmt: skip


def _units(scores: CardScores) -> str:
    """What differences are counted in."""
    shares = {METRIC_NAMES[task.metric] for task in scores.tasks if task.metric.is_share}
    others = {METRIC_NAMES[task.metric] for task in scores.tasks if not task.metric.is_share}
    return " and ".join([*(["percentage points"] if shares else []), *sorted(others)])


def _joined(sentences: Sequence[Markdown]) -> Markdown:
    return Markdown(" ".join(sentences))
