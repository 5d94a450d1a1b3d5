"""The target of scores after equal CPU time, from the runs that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equal_time import train_missing
from equal_time_results import OURS, SPACY, TASKS, EqualTime
from interleaved_timing import Spread
from spacy_pipeline import spacy_version
from target_row import TargetRow

if TYPE_CHECKING:
    from effort import Effort

_SEEDS = (0, 1, 2)
_MINUTES = (3.0, 6.0)
_SENTENCES = 3000
_SCORES = {"pos": "POS accuracy", "chunk": "chunk F1", "ner": "NER F1"}


def measure_scores(effort: Effort) -> list[TargetRow]:
    """Test scores, ours less spaCy's, seed by seed; where there is time, what is missing is trained first."""
    setting = EqualTime(effort.corpus, effort.recipe, _SENTENCES, _MINUTES, effort.results / "equal_time")
    if not effort.quick and spacy_version() is not None:
        train_missing(setting, _SEEDS, at_once=2)
    done = all(setting.path(system, seed).exists() for system in (OURS, SPACY) for seed in _SEEDS)
    return [_row(setting, minutes, task, done=done) for minutes in _MINUTES for task in TASKS]


def _row(setting: EqualTime, minutes: float, task: str, *, done: bool) -> TargetRow:
    what = f"{_SCORES[task]} after {minutes:g} CPU minutes, ours − spaCy, mean of {len(_SEEDS)} seeds (range)"
    if not done:
        return TargetRow(what, "≥ 0", None, unit="points", note="takes longer: `python benchmarks/equal_time.py`")
    ours, theirs = (setting.scores(system, _SEEDS, minutes, "test", task) for system in (OURS, SPACY))
    gain = ours - theirs
    spread = Spread(float(gain.mean()), float(gain.min()), float(gain.max()))
    note = f"`{setting.recipe.name}` {ours.mean():.2f}, spaCy {theirs.mean():.2f}"
    return TargetRow(what, "≥ 0", spread, "+.2f", "points", note=note)
