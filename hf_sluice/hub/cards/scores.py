"""The scores of a run as a card shows them: per task and domain, in domain and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.evaluation.evaluator import ALL_DOMAINS, MACRO_AVERAGE, ScoreRow, macro_average
from hf_sluice.evaluation.tables import NOTHING, TextTable, detail_table, format_score
from hf_sluice.hub.cards.markdown import Markdown, written
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.tasks import Task

METRIC_NAMES = {
    TaskMetric.ACCURACY: "accuracy",
    TaskMetric.SPAN_F1: "span F1",
    TaskMetric.MEAN_SQUARED_ERROR: "mean squared error",
    TaskMetric.SPEARMAN: "Spearman's ρ",
}


@dataclass(frozen=True)
class CardScores:
    """What a run's models scored.

    Args:
        tasks: in order.
        system: the name of the model's own scores.
        scores: per system and split the rows.
        trained_domains: those trained on; None where that is not known.
    """

    tasks: tuple[Task, ...]
    system: str
    scores: Mapping[str, Mapping[str, Sequence[ScoreRow]]]
    trained_domains: frozenset[str] | None

    @classmethod
    def of(cls, record: CardRecord) -> CardScores | None:
        """Those of a record; None where there are none."""
        results = record.results
        if results is None or results["system"] not in results["scores"]:
            return None
        return cls(record.tasks, results["system"], results["scores"], record.trained_domains)

    @property
    def systems(self) -> list[str]:
        """The baselines, then the model."""
        return [*(name for name in self.scores if name != self.system), self.system]

    def domains(self, split: str = "test") -> list[str]:
        """The domains that have scores, in their order."""
        named = dict.fromkeys(row.domain for row in self.scores[self.system].get(split, ()) if row.value is not None)
        return [domain for domain in named if domain not in (ALL_DOMAINS, MACRO_AVERAGE)]

    def in_domain(self, split: str = "test") -> list[str]:
        """Those of them that were trained on."""
        return [domain for domain in self.domains(split) if domain in (self.trained_domains or ())]

    def out_of_domain(self, split: str = "test") -> list[str]:
        """Those of them that are known not to have been trained on."""
        if self.trained_domains is None:
            return []
        return [domain for domain in self.domains(split) if domain not in self.trained_domains]

    def row(self, system: str, task: Task, domain: str = ALL_DOMAINS, split: str = "test") -> ScoreRow | None:
        """The score by which a task is judged, in one domain or in all sentences together."""
        for row in self.scores.get(system, {}).get(split, ()):
            if (row.task, row.domain, row.metric, row.span_type) == (task.name, domain, task.metric, None):
                return row
        return None

    def mean(self, system: str, task: Task, domains: Sequence[str]) -> ScoreRow | None:
        """The mean of that score over some domains."""
        rows = [row for domain in domains if (row := self.row(system, task, domain)) is not None]
        return macro_average(rows) if rows else None

    def table(self) -> TextTable:
        """All systems side by side, per task and test domain, with the means over domains trained on and held out."""
        rows = [line for task in self.tasks for line in self._lines(task)]
        trained = ("trained on",) if self.trained_domains is not None and self.domains() else ()
        own = written("this model ({system})", system=self.system)
        columns = ("task", "test sentences", *trained, "score", *self.systems[:-1], own, "counted")
        if not trained:
            rows = [(task, place, *rest) for task, place, _, *rest in rows]
        return TextTable("Scores on test", columns, tuple(rows), num_names=3 + len(trained))

    def details(self) -> TextTable:
        """All scores of the model, all test sentences together, with those of each type of span."""
        rows = [row for row in self.scores[self.system].get("test", ()) if row.domain == ALL_DOMAINS]
        shown = detail_table(rows)
        domain = shown.columns.index("domain")
        return TextTable(
            "All test sentences",
            _without(shown.columns, domain),
            tuple(_without(row, domain) for row in shown.rows),
            num_names=shown.num_names - 1,
        )

    def _lines(self, task: Task) -> Iterator[tuple[str, ...]]:
        for domain in self.domains():
            trained = "yes" if domain in (self.trained_domains or ()) else "no"
            yield self._line(task, domain, trained, {s: self.row(s, task, domain) for s in self.systems})
        for name, domains in (("trained on", self.in_domain()), ("held out", self.out_of_domain())):
            if len(domains) > 1:
                place = Markdown(f"*mean of {len(domains)} domains {name}*")
                yield self._line(task, place, "", {s: self.mean(s, task, domains) for s in self.systems})
        yield self._line(task, Markdown("*all*"), "", {s: self.row(s, task) for s in self.systems})

    def _line(self, task: Task, place: str, trained: str, rows: Mapping[str, ScoreRow | None]) -> tuple[str, ...]:
        own = rows[self.system]
        values = [row.value for row in rows.values() if row is not None and row.value is not None]
        best = (max if task.metric.larger_is_better else min)(values) if len(values) > 1 else None
        scores = [NOTHING if row is None else _score(row, is_best=row.value == best) for row in rows.values()]
        counted = NOTHING if own is None else _counted(task, own.support)
        return (task.name, place, trained, METRIC_NAMES[task.metric], *scores, counted)


def score_text(row: ScoreRow) -> str:
    """A score as tables show it: per cent where it is a share."""
    return format_score(row.metric, row.value)


def score_words(task: Task, row: ScoreRow) -> Markdown:
    """A score as sentences name it: ``pos 95.1 % accuracy``."""
    percent = " %" if task.metric.is_share and row.value is not None else ""
    return written("{task} {score}{percent} {metric}", task=task.name, score=Markdown(score_text(row)),
                   percent=Markdown(percent), metric=Markdown(METRIC_NAMES[task.metric]))  # fmt: skip


def _score(row: ScoreRow, *, is_best: bool) -> str:
    return Markdown(f"**{score_text(row)}**") if is_best and row.value is not None else score_text(row)


def _counted(task: Task, support: int) -> str:
    return f"{support:,} {'spans' if task.metric is TaskMetric.SPAN_F1 else 'words'}"


def _without(cells: tuple[str, ...], position: int) -> tuple[str, ...]:
    return cells[:position] + cells[position + 1 :]
