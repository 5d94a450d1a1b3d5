"""Scores of exported graphs on development data: what whole numbers of eight bits lose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ALL_DOMAINS, ScoreBoard, ScoreRow, main_score
from hf_sluice.evaluation.saved_tagger import comparable_split
from hf_sluice.evaluation.tables import TextTable, format_score
from hf_sluice.export.quantisation import INT8_GRAPH
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from hf_sluice.prediction.onnx_tagger.graph_session import GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.evaluation.saved_tagger import ComparableSplit
    from hf_sluice.prediction.model_folder import SavedTagger
    from hf_sluice.tasks import Task

SPLIT = "validation"


@dataclass(frozen=True, slots=True)
class GraphScores:
    """What both graphs of a folder come to.

    Args:
        tasks: that were scored.
        rows: per graph, ``float32`` and ``int8``.
    """

    tasks: tuple[Task, ...]
    rows: dict[str, list[ScoreRow]]

    @property
    def losses(self) -> dict[str, float | None]:
        """Per task by how much the score by which it is judged falls; None where it has no value."""
        return {task.name: self._loss(task) for task in self.tasks}

    def table(self, *, domains: bool = True) -> TextTable:
        """Both side by side, and what is lost.

        Args:
            domains: whether each domain has a row of its own, beside what all sentences together come to.
        """
        float32, int8 = self.rows.values()
        rows = []
        for task in self.tasks:
            for before, after in zip(_main_rows(float32, task), _main_rows(int8, task), strict=True):
                if domains or before.domain == ALL_DOMAINS:
                    values = (before.value, after.value, _difference(before, after))
                    cells = (format_score(task.metric, value) for value in values)
                    rows.append((task.name, before.domain, str(task.metric), *cells))
        columns = ("task", "domain", "metric", *self.rows, "lost")
        return TextTable(f"Scores on {SPLIT}", columns, tuple(rows), num_names=3)

    def _loss(self, task: Task) -> float | None:
        return _difference(*(main_score(rows, task) for rows in self.rows.values()))


def _main_rows(rows: Sequence[ScoreRow], task: Task) -> list[ScoreRow]:
    return [row for row in rows if (row.task, row.metric, row.span_type) == (task.name, task.metric, None)]


def _difference(before: ScoreRow, after: ScoreRow) -> float | None:
    return None if before.value is None or after.value is None else before.value - after.value


def score_graphs(saved: SavedTagger, tasks: Sequence[str], folder: Path, corpus: TaggingCorpus) -> GraphScores:
    """Scores the graphs of a folder on the development data of a corpus.

    Args:
        saved: the model that they were made of.
        tasks: that they have.
        folder: with ``model.onnx`` and ``model_int8.onnx``.
        corpus: the corpus.

    Raises:
        UserError: the corpus has no labels of these tasks, or others than the model.
    """
    split = comparable_split(saved.model, saved.tokenizer, corpus, SPLIT)
    scored = tuple(task for task in split.tasks if task.name in tasks)
    if not scored:
        raise UserError(
            f"split {SPLIT!r}: no sentence has a label of {', '.join(tasks)}; nothing tells what int8 loses"
        )
    sentences = corpus[SPLIT]["tokens"][:]
    graphs = {"float32": GRAPH, "int8": INT8_GRAPH}
    rows = {kind: _score(OnnxTagger(folder, graph), sentences, split, scored) for kind, graph in graphs.items()}
    return GraphScores(scored, rows)


def _score(
    tagger: OnnxTagger, sentences: Sequence[Sequence[str]], split: ComparableSplit, tasks: Sequence[Task]
) -> list[ScoreRow]:
    domains = split.encoded.domains
    board = ScoreBoard(tasks, sorted({domain for domain in domains if domain is not None}))
    found = list(tagger.tag(sentences, [task.name for task in tasks]))
    for task in tasks:
        ids = {label: number for number, label in enumerate(task.labels)}
        predicted = [[ids.get(value, value) for value in tagged[task.name]] for tagged in found]
        references = [split.encoded.sentence_labels(task.name, sentence) for sentence in range(len(found))]
        board.update(task.name, predicted, references, domains)
    return board.compute()
