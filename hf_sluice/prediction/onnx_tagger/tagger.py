"""An exported tagger at work on any number of sentences."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .description import DESCRIPTION, VOCABULARY, read_description
from .form_states import FormStates
from .graph_session import CHARACTERS, GRAPH, open_graph, output_name
from .task_labels import TaskLabels
from .word_ids import WordIds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

_SENTENCES_AT_ONCE, _CELLS_OF_A_BATCH = 1024, 1024


class OnnxTagger:
    """An exported tagger.

    Args:
        folder: what ``hf-sluice export --onnx`` has written.
        graph: which of its graphs to run: ``model.onnx``, or ``model_int8.onnx`` where there is one.
        threads: that the arithmetic of a batch is spread over; 0 for as many as there are processors.

    Raises:
        ValueError: a file of the folder is missing or damaged; the message names it.
    """

    def __init__(self, folder: str | Path, graph: str = GRAPH, threads: int = 1) -> None:
        folder = Path(folder)
        description = read_description(folder / DESCRIPTION)
        self.tasks = {task["name"]: TaskLabels(folder / DESCRIPTION, task) for task in description["tasks"]}
        self._words = WordIds(folder / VOCABULARY, description["max_word_length"], description.get("word_features", ()))
        self._session = open_graph(folder / graph, threads)
        reads_characters = "form_states" in {value.name for value in self._session.get_inputs()}
        self._forms = FormStates(open_graph(folder / CHARACTERS, threads), self._words) if reads_characters else None

    def tag(
        self, sentences: Iterable[Sequence[str]], tasks: Sequence[str] | None = None
    ) -> Iterator[dict[str, list[Any]]]:
        """Tags any number of sentences in constant memory.

        Args:
            sentences: of words; about a thousand are read ahead, and put together with others of their length.
            tasks: names; by default all. What others need is computed all the same: a graph that was exported for some
                tasks alone is quicker.

        Yields:
            Per sentence, in order, and per task a label, or a number, for each word.

        Raises:
            ValueError: an unknown task, or a sentence that is no list of words, or an empty word.
        """
        names = list(self.tasks if tasks is None else tasks)
        for name in names:
            if name not in self.tasks:
                raise ValueError(f"task {name!r} is none of {', '.join(self.tasks)}")
        stream = iter(sentences)
        while chunk := [_checked(sentence) for sentence in islice(stream, _SENTENCES_AT_ONCE)]:
            found: list[dict[str, list[Any]]] = [{name: [] for name in names} for _ in chunk]
            for batch in _batches([len(sentence) for sentence in chunk]):
                lengths = [len(chunk[i]) for i in batch]
                for name, logits_BTL in self.logits([chunk[i] for i in batch], names).items():
                    for i, values in zip(batch, self.tasks[name].decode(logits_BTL, lengths), strict=True):
                        found[i][name] = values
            yield from found

    def logits(self, sentences: Sequence[Sequence[str]], tasks: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Per task (B, T, L) of B sentences of at least one word; what stands at padding means nothing."""
        ids, words = self._words.encode(sentences)
        inputs: dict[str, NDArray[Any]] = dict(ids)
        if self._forms is None:
            del inputs["char_index"]
        else:
            inputs["form_states"] = self._forms.encode(words)
        values = self._session.run([output_name(name) for name in tasks], inputs)
        return dict(zip(tasks, values, strict=True))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of sentences of similar length, no more than fit into a batch, or one."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[i] > _CELLS_OF_A_BATCH:
            yield batch
            batch = []
        batch.append(i)
    yield batch


def _checked(sentence: Sequence[str]) -> list[str]:
    words = [] if isinstance(sentence, str) else list(sentence)
    if not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"{sentence!r:.80} should be a list of words, each of at least one character")
    return words
