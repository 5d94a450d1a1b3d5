"""Runs of equal CPU time: what is asked for, where their results lie, and the tables of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from markdown_table import markdown_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

OURS, SPACY = "sluice", "spacy"
SYSTEMS = (OURS, SPACY)
TASKS = ("pos", "chunk", "ner")
SPLITS = ("validation", "test")

_NAMES = {OURS: "hf-sluice", SPACY: "spaCy"}


@dataclass(frozen=True, slots=True)
class EqualTime:
    """What all runs have in common.

    Args:
        corpus: as in ``load_corpus``.
        recipe: of our model.
        sentences: the first ones of the training split, which both systems learn from.
        minutes: of CPU time in training, rising, after which scores are taken.
        folder: where results lie.
    """

    corpus: str
    recipe: Path
    sentences: int
    minutes: tuple[float, ...]
    folder: Path

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """What a command line asks for."""
        minutes = tuple(sorted(options.minutes))
        return cls(options.corpus, options.recipe, options.sentences, minutes, options.results / "equal_time")

    def arguments(self) -> list[str]:
        """The same as a command line."""
        minutes = [f"{of:g}" for of in self.minutes]
        folder = str(self.folder.parent)
        return ["--corpus", self.corpus, "--recipe", str(self.recipe), "--sentences", str(self.sentences),
                "--results", folder, "--minutes", *minutes]  # fmt: skip

    def path(self, system: str, seed: int) -> Path:
        """The file of a run; another one for another setting, our recipe's text counted in."""
        said: list[Any] = [self.corpus, self.sentences, self.minutes]
        if system == OURS:
            said.append(self.recipe.read_text(encoding="utf-8"))
        key = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]
        return self.folder / f"{system}-{key}-seed{seed}.json"

    def read(self, system: str, seeds: Sequence[int]) -> list[dict[str, Any]]:
        """Results of the runs that there are."""
        paths = [self.path(system, seed) for seed in seeds]
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists()]

    def scores(self, system: str, seeds: Sequence[int], minutes: float, split: str, task: str) -> np.ndarray:
        """In per cent, one per seed."""
        runs = self.read(system, seeds)
        return np.array([100 * run["scores"][f"{minutes:g}"][split][task] for run in runs])


def scores_table(setting: EqualTime, seeds: Sequence[int]) -> str:
    """Means over seeds, from the lowest to the highest, of both systems, and what they were measured on."""
    rows = []
    for minutes in setting.minutes:
        for system in SYSTEMS:
            cells = [
                _mean_and_range(setting.scores(system, seeds, minutes, split, task))
                for split in SPLITS
                for task in TASKS
            ]
            rows.append((f"{minutes:g}", _NAMES[system], *cells))
    heads = [f"{task} {split}" for split in ("dev.", "test") for task in ("POS", "chunk F1", "NER F1")]
    runs = {system: setting.read(system, seeds) for system in SYSTEMS}
    told = [f"{_NAMES[system]}: {found[0]['conditions']}." for system, found in runs.items() if found]
    epochs = [
        f"{_NAMES[system]} {np.mean([run['epochs'][f'{setting.minutes[-1]:g}'] for run in found]):.0f}"
        for system, found in runs.items()
        if found
    ]
    told.append(f"Passes over the sentences by the last column of minutes: {', '.join(epochs)}." if epochs else "")
    return "\n\n".join([markdown_table(("CPU minutes", "system", *heads), rows), *filter(None, told)])


def _mean_and_range(scores: np.ndarray) -> str:
    return f"{scores.mean():.2f} ({scores.min():.2f}–{scores.max():.2f})" if len(scores) else "not run"
