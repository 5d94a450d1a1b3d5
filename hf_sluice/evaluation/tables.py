"""Score rows as tables, for the terminal (rich) and as Markdown.

Accuracy and span scores are shown in per cent with two decimals, the regression scores as they are with four. Several
runs (seeds) of a system are shown as mean ± sample standard deviation; a run without the score does not count, and then
the number of those that do is shown. ``-`` stands for a score that is undefined or was not taken.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hf_sluice.printable_text import printable
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.table import Table

    from hf_sluice.evaluation.evaluator import ScoreRow
    from hf_sluice.tasks import Task

Runs: TypeAlias = "Sequence[Sequence[ScoreRow]]"

NOTHING = "-"


@dataclass(frozen=True)
class TextTable:
    """A table of text.

    Args:
        title: what stands above it.
        columns: the column heads.
        rows: one text per column each.
        num_names: how many columns at the left hold names; the others hold numbers and are set flush right.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    num_names: int

    def rich(self) -> Table:
        """The table for the terminal."""
        from rich.table import Table
        from rich.text import Text

        table = Table(title=Text(printable(self.title), style="table.title"))
        for number, column in enumerate(self.columns):
            table.add_column(
                Text(printable(column)), justify="left" if number < self.num_names else "right", no_wrap=True
            )
        for row in self.rows:
            table.add_row(*map(Text, map(printable, row)))  # as Text, so that brackets in names are not read as markup
        return table

    def markdown(self) -> str:
        """The table, without its title, as GitHub renders it; ends with a newline."""
        rule = ["---" if number < self.num_names else "---:" for number in range(len(self.columns))]
        lines = [[cell.replace("|", r"\|") for cell in row] for row in (self.columns, tuple(rule), *self.rows)]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def comparison_table(systems: Mapping[str, Runs], tasks: Sequence[Task], title: str = "Scores") -> TextTable:
    """Systems side by side: one row per task and domain, with the score by which the task is judged.

    Args:
        systems: per system (sluice, single task, majority, …) its runs, per run the rows of
            :meth:`~hf_sluice.evaluation.evaluator.ScoreBoard.compute`.
        tasks: the tasks to show, in order.
        title: what stands above the table.
    """
    rows = []
    for task in tasks:
        values = {system: _main_values(runs, task) for system, runs in systems.items()}
        for domain in dict.fromkeys(domain for found in values.values() for domain in found):
            cells = [
                format_runs(task.metric, found.get(domain, ()), len(systems[system]))
                for system, found in values.items()
            ]
            rows.append((task.name, domain, str(task.metric), *cells))
    return TextTable(title, ("task", "domain", "metric", *systems), tuple(rows), num_names=3)


def detail_table(rows: Iterable[ScoreRow], title: str = "Scores") -> TextTable:
    """All scores of one run: one row per task, domain, metric and type of span."""
    columns = ("task", "domain", "metric", "type", "score", "precision", "recall", "support")
    cells = tuple(
        (
            row.task,
            row.domain,
            row.metric,
            row.span_type or "",
            *(format_score(row.metric, value) for value in (row.value, row.precision, row.recall)),
            str(row.support),
        )
        for row in rows
    )
    return TextTable(title, columns, cells, num_names=4)


def format_score(metric: str, value: float | None) -> str:
    """One score as text."""
    if value is None:
        return NOTHING
    return f"{100 * value:.2f}" if TaskMetric(metric).is_share else f"{value:.4f}"


def format_runs(metric: str, values: Sequence[float], num_runs: int) -> str:
    """Mean ± standard deviation of the ``values`` that were found in ``num_runs`` runs."""
    if not values:
        return NOTHING
    text = format_score(metric, statistics.fmean(values))
    if len(values) > 1:
        text += f" ± {format_score(metric, statistics.stdev(values))}"
    return text if len(values) == num_runs else f"{text} ({len(values)} of {num_runs} runs)"


def _main_values(runs: Runs, task: Task) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for row in (row for run in runs for row in run):
        if (row.task, row.metric, row.span_type) == (task.name, task.metric, None):
            found = values.setdefault(row.domain, [])
            if row.value is not None:
                found.append(row.value)
    return values
