"""Tags a stream of sentences, however long, in constant memory."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.models.task_values import task_values
from hf_sluice.prediction.sentences import TaggedSentence
from hf_sluice.training.prediction import predict_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.prediction.sentences import UntaggedSentence

_BATCHES_AT_ONCE = 32


def tag_sentences(
    model: TaggerForTokenClassification,
    tokenizer: TaggerTokenizer,
    sentences: Iterable[UntaggedSentence],
    tasks: Sequence[str] | None = None,
    batch_size: int = 32,
) -> Iterator[TaggedSentence]:
    """Tags sentences, in their order.

    Args:
        model: the tagger.
        tokenizer: its tokenizer.
        sentences: any number; some tens of batches are held at a time, and sorted by length among themselves.
        tasks: what to predict, in the order of the answer; by default all tasks of the model.
        batch_size: sentences in a batch, at least 1; it changes speed and memory alone.

    Raises:
        UserError: a task that the model does not have.
    """
    names = choose_tasks(model, tasks)
    described = {name: model.config.tasks[model.config.task_index(name)] for name in names}
    stream = iter(sentences)
    while chunk := list(islice(stream, batch_size * _BATCHES_AT_ONCE)):
        words = tokenizer.encode_words([sentence.words for sentence in chunk])
        found = dict(predict_words(model, words, names, batch_size=batch_size))
        for number, sentence in enumerate(chunk):
            yield TaggedSentence(sentence, {name: task_values(described[name], found[number][name]) for name in names})


def choose_tasks(model: TaggerForTokenClassification, tasks: Sequence[str] | None) -> list[str]:
    """The tasks asked for, by default all that the model has.

    Raises:
        UserError: one that it does not have.
    """
    known = model.config.task_names
    for name in tasks or ():
        if name not in known:
            raise UserError(f"task {name!r} is none of the model's tasks: {', '.join(known)}")
    return list(dict.fromkeys(tasks)) if tasks else list(known)
