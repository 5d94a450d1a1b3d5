"""One run of a system, one seed, in a process of its own: `python benchmarks/equal_time_run.py sluice 0 --help`."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
import transformers
from conditions import load_average, machine_and_versions
from effort import Effort
from equal_time_results import OURS, SYSTEMS, TASKS, EqualTime
from program import run_program

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.load import load_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Marks:
    """Scores at marks of CPU time.

    Args:
        seconds: of training, rising.
        scores: per mark in minutes, per split, per task.
        used: CPU seconds of training per mark.
        epochs: passes over the sentences per mark.
    """

    seconds: Sequence[float]
    scores: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    used: dict[str, float] = field(default_factory=dict)
    epochs: dict[str, float] = field(default_factory=dict)

    @property
    def next(self) -> float | None:
        """The mark that has not been reached, None after the last."""
        return self.seconds[len(self.scores)] if len(self.scores) < len(self.seconds) else None

    def reach(self, used: float, epochs: float, scores: dict[str, dict[str, float]]) -> None:
        """Takes note of the scores at the next mark."""
        name = f"{self.seconds[len(self.scores)] / 60:g}"
        self.scores[name], self.used[name], self.epochs[name] = scores, used, epochs


def main() -> None:
    """Trains, and writes the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("seed", type=int)
    Effort.add_inputs(parser, corpus="ewt")
    parser.add_argument("--minutes", type=float, nargs="+", default=[3.0, 6.0])
    parser.add_argument("--sentences", type=int, default=3000)
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    setting = EqualTime.of(options)
    marks = Marks([60 * minutes for minutes in setting.minutes])
    corpus = _corpus(setting)
    if options.system == OURS:
        from equal_time_sluice import train
    else:
        from equal_time_spacy import train  # type: ignore[assignment]
    load_before = load_average()
    train(setting.recipe, corpus, options.seed, marks)
    result: dict[str, Any] = {
        "system": options.system,
        "seed": options.seed,
        "scores": marks.scores,
        "cpu_seconds": marks.used,
        "epochs": marks.epochs,
        "conditions": f"{_said_of(setting, options.system)}; {machine_and_versions('transformers', 'spacy')}, "
        f"load average {load_before} before and {load_average()} after",
    }
    path = setting.path(options.system, options.seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".writing")
    aside.write_text(json.dumps(result, indent=1), encoding="utf-8")
    aside.replace(path)
    print(path, json.dumps(marks.scores))


def _corpus(setting: EqualTime) -> TaggingCorpus:
    corpus = load_corpus(setting.corpus)
    tasks = [next(task for task in corpus.tasks if task.name == name) for name in TASKS]
    train = corpus["train"]
    first = train.select(range(min(setting.sentences, len(train))))
    return TaggingCorpus({**corpus, "train": first}, tasks)


def _said_of(setting: EqualTime, system: str) -> str:
    what = f"recipe `{setting.recipe.name}`" if system == OURS else "`spacy init config --pipeline tagger,ner`"
    return f"{what}, first {setting.sentences:,} sentences of `{setting.corpus}`"


if __name__ == "__main__":
    run_program(main)
