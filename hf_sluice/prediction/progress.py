"""How far the tagging of a stream is, of which nobody knows the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from hf_sluice.prediction.sentences import TaggedSentence

_SENTENCES_BETWEEN_UPDATES = 256


def count_on_terminal(tagged: Iterable[TaggedSentence], console: Console) -> Iterator[TaggedSentence]:
    """Passes sentences on, and shows how many there have been, how many words, and how many words a second.

    Args:
        tagged: the sentences.
        console: where to show it; nothing is shown where this is no terminal.
    """
    if not console.is_terminal:
        yield from tagged
        return
    with Progress(SpinnerColumn(), _Counts(), TimeElapsedColumn(), console=console, transient=True) as progress:
        bar = progress.add_task("", total=None, sentences=0)
        words = 0
        for number, sentence in enumerate(tagged, start=1):
            words += len(sentence.sentence.words)
            if number % _SENTENCES_BETWEEN_UPDATES == 0:  # a sentence is tagged in less time than an update takes
                progress.update(bar, advance=words, sentences=number)
                words = 0
            yield sentence


class _Counts(ProgressColumn):
    """Sentences, words, and words a second."""

    def render(self, task: Task) -> Text:
        speed = "" if task.speed is None else f", {task.speed:,.0f} words/s"
        return Text(f"{task.fields['sentences']:,} sentences, {task.completed:,.0f} words{speed}")
