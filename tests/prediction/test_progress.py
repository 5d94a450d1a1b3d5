from __future__ import annotations

import io

from rich.console import Console

from hf_sluice.data.sentence import Place
from hf_sluice.prediction.progress import count_on_terminal
from hf_sluice.prediction.sentences import TaggedSentence, UntaggedSentence

TAGGED = [TaggedSentence(UntaggedSentence(["a", "b", "c"], Place("f", i)), {}) for i in range(600)]


def passed_on(*, terminal):
    """What comes out, how many had come in when the first one did, and what is on the terminal."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=100)
    taken = []
    stream = count_on_terminal((taken.append(one) or one for one in TAGGED), console)
    first = next(stream)
    read_ahead = len(taken)
    return [first, *stream], read_ahead, screen.getvalue()


def test_counts_are_shown_and_sentences_pass():
    passed, read_ahead, screen = passed_on(terminal=True)

    assert (passed, read_ahead) == (TAGGED, 1)
    assert "512 sentences, 1,536 words" in screen


def test_where_there_is_no_terminal_nothing_is_shown():
    assert passed_on(terminal=False) == (TAGGED, 1, "")
