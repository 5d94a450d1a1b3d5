"""Scores of a model on an encoded split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.evaluation.evaluator import ScoreBoard
from hf_sluice.training.prediction import predict_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.tasks import Task
    from hf_sluice.training.encoded_split import EncodedSplit


def score_split(
    model: TaggerForTokenClassification,
    encoded: EncodedSplit,
    tasks: Sequence[Task],
    *,
    process: int = 0,
    num_processes: int = 1,
) -> ScoreBoard:
    """Compares a model's predictions with the labels of a split.

    Args:
        model: the tagger.
        encoded: the split; its label ids are those of the model.
        tasks: what to score.
        process: which of the connected processes this is; each takes its share of the sentences.
        num_processes: how many there are; their boards merge into that of the whole split.
    """
    board = ScoreBoard(tasks, sorted({domain for domain in encoded.domains if domain is not None}))
    names = [task.name for task in tasks]
    predictions = dict(predict_words(model, encoded.words, names, process=process, num_processes=num_processes))
    for task in names:
        board.update(
            task,
            [values[task] for values in predictions.values()],
            [encoded.sentence_labels(task, sentence) for sentence in predictions],
            [encoded.domains[sentence] for sentence in predictions],
        )
    return board
