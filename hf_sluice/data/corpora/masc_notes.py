"""What a user of MASC should see: what was left out or masked, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.corpora.selection import Incomplete, is_complete, share

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.data.sentence import Sentence
    from hf_sluice.tasks import Task

_MEANINGS = {
    "token without place": "words that the text does not hold are left out",
    "token in another": "words that begin within the word before them are left out",
    "token with white space": "words have white space in them, which is dropped",
    "token across sentence end": "words end behind the sentence in which they begin",
    "quotation": "regions of the sentence layer are quotations and no sentences",
    "sentence without words": "sentences hold no words and are left out",
    "overlapping sentence": "sentences lie in another or begin in the one before them and are left out",
    "span without words": "spans hold no word and are left out",
    "span with a gap": "spans have a gap; their words are masked",
    "nested span": "spans lie in another and are left out",
    "contradicting span": "spans cross another or give its words another label; the words of both are masked",
    "span across sentence end": "times a span reaches over the end of its sentence; its words are masked",
    "treebank word without place": "words of the Treebank have no place in the text that is surely theirs",
    "word with parts of chunks": "words of the text in which a chunk of the trees begins or ends are masked",
    "faulty skeleton": "sentences of PropBank are malformed and left out",
    "document unlike propbank": "documents are not those of PropBank and carry no roles",
    "tree without roles": "trees of the other documents match no sentence of PropBank and carry no roles",
}
_ALL = ""


def notes(
    sentences: Sequence[Sentence],
    tasks: Sequence[Task],
    incomplete: Incomplete,
    words: int,
    faults: Mapping[str, Counter[str]],
) -> Iterator[str]:
    """One line per fact.

    Args:
        sentences: all that were read.
        tasks: those asked for.
        incomplete: what is done with a sentence that lacks a task.
        words: those of the documents, in sentences or not.
        faults: per task, and for the empty name for all of them, how often each thing was met.
    """
    inside = sum(len(sentence.tokens) for sentence in sentences)
    yield f"{share(inside, words)} words of MASC lie in sentences; the others are left out"
    yield from _counted(faults, _ALL)
    for task in tasks:
        yield from _task_notes(sentences, task.name)
        yield from _counted(faults, task.name)
    complete = sum(is_complete(sentence, tasks) for sentence in sentences)
    if complete < len(sentences):
        fate = "left out" if incomplete is Incomplete.DROP else "kept with None for what they lack"
        yield f"{share(complete, len(sentences))} sentences carry all tasks asked for; the others are {fate}"


def _task_notes(sentences: Sequence[Sentence], task: str) -> Iterator[str]:
    layers = [layer for sentence in sentences if (layer := sentence.layers[task]) is not None]
    if len(layers) < len(sentences):
        yield f"{task}: {share(len(layers), len(sentences))} sentences carry the layer"
    masked = sum(layer.count(None) for layer in layers)
    if masked:
        yield f"{task}: {share(masked, sum(map(len, layers)))} words of these sentences are masked"
    if task == "pos":
        yield "pos: silver data, the tags of a tagger"


def _counted(faults: Mapping[str, Counter[str]], task: str) -> Iterator[str]:
    prefix = f"{task}: " if task else ""
    for fault, meaning in _MEANINGS.items():
        count = faults[task][fault] if task in faults else 0
        if count:
            yield f"{prefix}{count:,} {meaning}"
