"""The target of prediction: parts of speech, chunks and entities at once, against spaCy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interleaved_timing import time_interleaved
from prediction_models import TASKS, in_bfloat16, load_sentences, make_taggers, recipe_tagger, tagging
from spacy_pipeline import spacy_prediction, spacy_version
from target_row import TargetRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from effort import Effort
    from interleaved_timing import Timings

_SENTENCES = 1000
_HOW_TO_INSTALL = "spaCy not installed: `pip install -c constraints.txt -e '.[benchmark]'`"


def measure_prediction(effort: Effort) -> list[TargetRow]:
    """From lists of words to lists of labels, each round with nothing remembered from the one before."""
    corpus, tasks, sentences = load_sentences(effort.corpus, _SENTENCES)
    taggers = make_taggers(corpus, tasks)
    taggers[f"`{effort.recipe.name}`"] = recipe_tagger(effort.recipe, corpus)
    taggers |= in_bfloat16(taggers)
    cases: dict[str, Callable[[], object]] = {name: tagging(tagger, sentences) for name, tagger in taggers.items()}
    spacy = spacy_version()
    if spacy is not None:
        cases["spaCy"] = spacy_prediction(corpus, tasks, sentences)
    timings = time_interleaved(cases, effort.rounds)
    words = sum(map(len, sentences))
    what = f"prediction of {' + '.join(TASKS).upper()}, words/s, 1 thread"
    rows = [
        TargetRow(f"{what}: {name}", "", timing.rate(words), ",.0f", "", by_cpu_time=timing.rate(words, "cpu"))
        for name, timing in timings.items()
    ]
    return [*rows, *(_against(timings, name, spacy) for name in taggers)]


def _against(timings: dict[str, Timings], name: str, spacy: str | None) -> TargetRow:
    what = f"prediction, {name} ÷ spaCy{'' if spacy is None else f' {spacy}'}"
    if spacy is None:
        return TargetRow(what, "≥ 1", None, note=_HOW_TO_INSTALL)
    ratio, by_cpu_time = (timings["spaCy"].ratio(timings[name], clock) for clock in ("wall", "cpu"))
    return TargetRow(what, "≥ 1", ratio, by_cpu_time=by_cpu_time)
