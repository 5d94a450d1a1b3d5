"""Memory while a stream of words is tagged: `python benchmarks/prediction_memory.py --help`."""

from __future__ import annotations

import argparse
import os
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import transformers
from markdown_table import markdown_table
from prediction_models import load_sentences, make_taggers
from program import run_program

from hf_sluice.data.sentence import Place
from hf_sluice.freed_memory import keep_freed_memory
from hf_sluice.prediction.kernel_cache import keep_few_kernels
from hf_sluice.prediction.sentences import UntaggedSentence
from hf_sluice.prediction.tagging import tag_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NEW_WORDS = 10
_MEASUREMENTS = 10


def main() -> None:
    """Measures, and prints Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--corpus", default="demo", help="demo, or ewt with HF_SLUICE_DATA set")
    parser.add_argument("--words", type=int, default=1_000_000, help="in the stream")
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    rows = [(f"{seen:,}", f"{resident:,.0f}") for seen, resident in watch_memory(options.corpus, options.words)]
    print(markdown_table(("words", "resident memory, MB"), rows))


def watch_memory(corpus_name: str, num_words: int) -> Iterator[tuple[int, float]]:
    """Tags a stream of words as ``hf-sluice predict`` does.

    Yields:
        After each tenth of them their number, and megabytes of memory that are in use.
    """
    keep_freed_memory()
    keep_few_kernels()
    corpus, tasks, sentences = load_sentences(corpus_name, 10**6)
    tagger = make_taggers(corpus, tasks)["sparse sharing, T = 3, K = 1"]
    seen, step = 0, num_words // _MEASUREMENTS
    for tagged in tag_sentences(tagger.model, tagger.tokenizer, _stream(sentences, num_words)):
        before, seen = seen, seen + len(tagged.sentence.words)
        if before // step < seen // step:
            yield seen, _resident()


def _stream(sentences: Sequence[Sequence[str]], most_words: int) -> Iterator[UntaggedSentence]:
    """The sentences again and again; every tenth word is one that was never there, as in a text that goes on."""
    number = 0
    for words in cycle(sentences):
        fresh = [f"{word}{number + i}" if (number + i) % _NEW_WORDS == 0 else word for i, word in enumerate(words)]
        yield UntaggedSentence(fresh, Place("", None))
        number += len(words)
        if number >= most_words:
            return


def _resident() -> float:
    """Megabytes of this process that lie in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    run_program(main)
