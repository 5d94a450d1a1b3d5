"""Tags a stream of sentences, however long, in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.models.task_values import task_values
from hf_sluice.prediction.chosen_tasks import choose_tasks
from hf_sluice.prediction.sentences import TaggedSentence
from hf_sluice.training.prediction import predict_words, remembered_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.prediction.sentences import UntaggedSentence

_BATCHES_AT_ONCE = 32
_WORDS_AT_ONCE = 2**15


def tag_sentences(
    model: TaggerForTokenClassification,
    tokenizer: TaggerTokenizer,
    sentences: Iterable[UntaggedSentence],
    tasks: Sequence[str] | None = None,
    batch_size: int | None = None,
) -> Iterator[TaggedSentence]:
    """Tags sentences, in their order.

    Args:
        model: the tagger.
        tokenizer: its tokenizer.
        sentences: any number; some tens of batches are held at a time, and sorted by length among themselves. The model
            should not change before the last one is tagged.
        tasks: what to predict, in the order of the answer; by default all tasks of the model.
        batch_size: sentences in a batch, at least 1, by default as many as make good use of the machine; it changes
            speed and memory alone.

    Raises:
        UserError: a task that the model does not have.
    """
    names = choose_tasks(model.config.task_names, tasks)
    described = {name: model.config.tasks[model.config.task_index(name)] for name in names}
    with remembered_forms(model):
        for chunk in _chunks(sentences, batch_size):
            words = tokenizer.encode_words([sentence.words for sentence in chunk])
            found = dict(predict_words(model, words, names, batch_size=batch_size))
            for number, sentence in enumerate(chunk):
                values = {name: values_T.tolist() for name, values_T in found[number].items()}
                yield TaggedSentence(sentence, {name: task_values(described[name], values[name]) for name in names})


def _chunks(sentences: Iterable[UntaggedSentence], batch_size: int | None) -> Iterator[list[UntaggedSentence]]:
    """As many sentences at a time as make some tens of batches."""
    chunk: list[UntaggedSentence] = []
    num_words = 0
    for sentence in sentences:
        chunk.append(sentence)
        num_words += len(sentence.words)
        if num_words >= _WORDS_AT_ONCE or (batch_size is not None and len(chunk) == batch_size * _BATCHES_AT_ONCE):
            yield chunk
            chunk, num_words = [], 0
    if chunk:
        yield chunk
