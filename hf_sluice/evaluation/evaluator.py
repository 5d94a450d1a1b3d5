"""Scores of one model's predictions per task and per domain."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.evaluation.counts import Score
from hf_sluice.evaluation.scores import TaskScores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hf_sluice.evaluation.scores import References, Values
    from hf_sluice.tasks import Task

ALL_DOMAINS = "all"
MACRO_AVERAGE = "macro"


@dataclass(frozen=True, slots=True)
class ScoreRow(Score):
    """One score of one task in one domain; :func:`dataclasses.asdict` gives what JSON can hold.

    Args:
        task: the task's name.
        domain: the domain, ``all`` for all sentences together, or ``macro`` for the mean of the domains' scores.
    """

    task: str = ""
    domain: str = ALL_DOMAINS


class ScoreBoard:
    """Counts predictions and scores them.

    Args:
        tasks: the tasks that may be scored.
        domains: the names of the domains, in the order of the rows; none for a corpus without domains.

    Raises:
        UserError: two tasks or domains of one name, or a domain named ``all`` or ``macro``.
    """

    def __init__(self, tasks: Sequence[Task], domains: Sequence[str] = ()) -> None:
        _check_names("task", [task.name for task in tasks])
        _check_names("domain", [ALL_DOMAINS, MACRO_AVERAGE, *domains])
        self.tasks = {task.name: task for task in tasks}
        self.domains = tuple(domains)
        # The domain None holds sentences whose domain is not known; they count under "all" only.
        self._scores = {(task.name, domain): TaskScores(task) for task in tasks for domain in (*self.domains, None)}

    def update(
        self,
        task: str,
        predictions: Values,
        references: References,
        domains: Sequence[str | None] | None = None,
    ) -> None:
        """Counts sentences of one task.

        Args:
            task: its name.
            predictions: per sentence one label id (or number) per token.
            references: the same; None, NaN or -100 for a token without one, None for a sentence without any.
            domains: per sentence its domain, None where it has none.

        Raises:
            UserError: an unknown task, domain or label id, or different lengths.
        """
        if task not in self.tasks:
            raise UserError(f"task {task!r} is not one of {', '.join(self.tasks)}")
        domains = [None] * len(predictions) if domains is None else domains
        self._check_sentences(task, len(predictions), len(references), domains)
        for domain in dict.fromkeys(domains):
            chosen = [i for i, other in enumerate(domains) if other == domain]
            self._scores[task, domain].update([predictions[i] for i in chosen], [references[i] for i in chosen])

    def _check_sentences(self, task: str, predictions: int, references: int, domains: Sequence[str | None]) -> None:
        if not predictions == references == len(domains):
            sizes = f"{predictions} predictions, {references} references, {len(domains)} domains"
            raise UserError(f"task {task!r}: one of each per sentence is needed, not {sizes}")
        unknown = [domain for domain in domains if domain is not None and domain not in self.domains]
        if unknown:
            raise UserError(f"domain {unknown[0]!r} is not one of {', '.join(self.domains) or 'none'}")

    def merge(self, other: ScoreBoard) -> None:
        """Adds what another process counted on other sentences.

        Raises:
            UserError: the other board has other tasks or domains.
        """
        if other.tasks != self.tasks or other.domains != self.domains:
            raise UserError("only score boards of the same tasks and domains can be merged")
        for key, scores in self._scores.items():
            scores.merge(other._scores[key])

    def compute(self) -> list[ScoreRow]:
        """All scores: per task those of each domain, of all sentences together, and the domains' macro average."""
        return [row for task in self.tasks for row in self._rows_of(task)]

    def _rows_of(self, task: str) -> Iterator[ScoreRow]:
        per_domain = [
            [_row(score, task, domain) for score in self._scores[task, domain].compute()] for domain in self.domains
        ]
        for rows in per_domain:
            yield from rows
        total = TaskScores(self.tasks[task])
        for domain in (*self.domains, None):
            total.merge(self._scores[task, domain])
        yield from (_row(score, task, ALL_DOMAINS) for score in total.compute())
        if self.domains:
            yield from map(macro_average, zip(*per_domain, strict=True))

    def main_scores(self, domain: str = ALL_DOMAINS) -> dict[str, float | None]:
        """Per task the score by which it is judged (``Task.metric``) in a domain, in ``all`` or as ``macro``.

        Raises:
            UserError: a domain that the board does not have.
        """
        rows = self.compute()
        scores = {name: main_score(rows, task, domain) for name, task in self.tasks.items()}
        return {name: row.value for name, row in scores.items()}


def macro_average(rows: Iterable[ScoreRow]) -> ScoreRow:
    """The mean of one score over domains; domains without a value do not count, the support is that of all.

    Args:
        rows: the rows of one task, metric and type of span, one per domain; at least one.
    """
    rows = list(rows)
    first = rows[0]
    return ScoreRow(
        metric=first.metric,
        value=_mean(row.value for row in rows),
        support=sum(row.support for row in rows),
        precision=_mean(row.precision for row in rows),
        recall=_mean(row.recall for row in rows),
        accuracy=_mean(row.accuracy for row in rows),
        span_type=first.span_type,
        task=first.task,
        domain=MACRO_AVERAGE,
    )


def main_score(rows: Iterable[ScoreRow], task: Task, domain: str = ALL_DOMAINS) -> ScoreRow:
    """The row of the score by which a task is judged (``Task.metric``).

    Raises:
        UserError: there is no such row.
    """
    for row in rows:
        if (row.task, row.domain, row.metric, row.span_type) == (task.name, domain, task.metric, None):
            return row
    raise UserError(f"no {task.metric} of task {task.name!r} in domain {domain!r} among the scores")


def _row(score: Score, task: str, domain: str) -> ScoreRow:
    return ScoreRow(**asdict(score), task=task, domain=domain)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _check_names(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UserError(f"{what} {twice[0]!r} stands twice, or is a name that the scores use themselves")
