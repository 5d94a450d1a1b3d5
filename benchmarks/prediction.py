"""How many words taggers tag in a second: `python benchmarks/prediction.py --help`."""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack, nullcontext
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import torch
import transformers
from conditions import load_average, machine_and_versions
from interleaved_timing import time_interleaved
from markdown_table import markdown_table
from prediction_models import in_bfloat16, load_sentences, make_taggers, tagging
from program import run_program
from report_section import replace_section
from spacy_pipeline import spacy_prediction, spacy_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from interleaved_timing import Timings

    from hf_sluice.prediction.model_folder import SavedTagger

_MAIN, _SPACY = "all tasks", "spaCy"
_PATCHED = ("hf_sluice.training.prediction.remembered_forms", "hf_sluice.prediction.tagging.remembered_forms")


def main() -> None:
    """Measures, and prints Markdown."""
    options = _options()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    corpus, tasks, sentences = load_sentences(options.corpus, options.sentences)
    report = [_conditions(options, sentences)]
    print(report[0], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        cases: dict[tuple[str, str], Callable[[], object]] = {}
        taggers = make_taggers(corpus, tasks)
        halves = in_bfloat16(taggers)
        for (name, tagger), half in zip_longest(taggers.items(), halves.values()):
            of_tagger = _cases(tagger, Path(folder) / name, sentences)
            if half is not None:
                of_tagger["bfloat16"] = tagging(half, sentences)
            cases |= {(name, case): run for case, run in of_tagger.items()}
        if spacy_version() is not None:
            cases[_SPACY, _MAIN] = spacy_prediction(corpus, tasks, sentences)
        by_name = {" / ".join(key): run for key, run in cases.items()}
        timings = time_interleaved(by_name, options.rounds)
    words = sum(map(len, sentences))
    report.append(_table({key: timings[" / ".join(key)] for key in cases}, words))
    report.append(f"Load average at the end {load_average()}.")
    print("\n" + "\n\n".join(report[1:]))
    if options.update:
        replace_section(options.update, "prediction", "\n\n".join(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--corpus", default="demo", help="demo, or ewt with HF_SLUICE_DATA set")
    parser.add_argument("--sentences", type=int, default=1000, help="that are tagged in a round")
    parser.add_argument("--rounds", type=int, default=6, help="counted rounds")
    parser.add_argument("--update", type=Path, metavar="FILE", help="write the result into its place in this file")
    return parser.parse_args()


def _conditions(options: argparse.Namespace, sentences: Sequence[Sequence[str]]) -> str:
    words = sum(map(len, sentences))
    return (
        f"Corpus `{options.corpus}`: {len(sentences):,} sentences, {words:,} words a round; {options.rounds} rounds, "
        f"from lists of words to lists of labels, each round with nothing remembered.\n\n"
        f"{machine_and_versions('onnxruntime', 'spacy')}, load average {load_average()} at the start."
    )


def _cases(tagger: SavedTagger, folder: Path, sentences: Sequence[Sequence[str]]) -> dict[str, Callable[[], object]]:
    """Ways to tag the same sentences."""
    from hf_sluice.export.quantisation import INT8_GRAPH
    from hf_sluice.prediction.onnx_tagger import OnnxTagger
    from hf_sluice.prediction.onnx_tagger.graph_session import GRAPH

    names = tagger.model.config.task_names
    whole, part = (_export(tagger, tasks, folder / "-".join(tasks)) for tasks in (names, names[-1:]))
    exact, rounded, single = OnnxTagger(whole, GRAPH), OnnxTagger(whole, INT8_GRAPH), OnnxTagger(part, GRAPH)
    return {
        _MAIN: tagging(tagger, sentences),
        "one task": tagging(tagger, sentences, names[-1:]),
        "forms not remembered": _forgetting(tagging(tagger, sentences)),
        "likewise, 32 sentences a batch": _forgetting(tagging(tagger, sentences, batch_size=32)),
        "ONNX": lambda: list(exact.tag(sentences)),
        "ONNX, one task": lambda: list(single.tag(sentences)),
        "ONNX, int8": lambda: list(rounded.tag(sentences)),
    }


def _export(tagger: SavedTagger, tasks: Sequence[str], folder: Path) -> Path:
    from hf_sluice.export.folder import export_tagger
    from hf_sluice.export.quantisation import quantise
    from hf_sluice.onnx_library import USUAL_OPSET

    folder.mkdir(parents=True)
    export_tagger(tagger, tasks, folder, USUAL_OPSET)
    quantise(folder)
    return folder


def _forgetting(run: Callable[[], object]) -> Callable[[], object]:
    def patched() -> None:
        with ExitStack() as stack:
            for name in _PATCHED:
                stack.enter_context(patch(name, lambda _: nullcontext()))
            run()

    return patched


def _table(timings: dict[tuple[str, str], Timings], words: int) -> str:
    spacy = timings.get((_SPACY, _MAIN))
    rows = []
    for (model, case), timing in timings.items():
        whole = timings[model, _MAIN]
        speed = "" if spacy is None else spacy.ratio(timing, "cpu").text(".2f")
        rows.append(
            (model, case, timing.rate(words, "cpu").text(",.0f"), whole.ratio(timing, "cpu").text(".2f"), speed)
        )
    heads = ("model", "what", "words a second of CPU time", "speed ÷ all tasks", "speed ÷ spaCy")
    return markdown_table(heads, rows)


if __name__ == "__main__":
    run_program(main)
