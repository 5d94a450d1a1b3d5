"""Advice as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.gain_numbers import gain_number
from hf_sluice.analysis.task_relations.short_names import short_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.analysis.task_relations.advice import Advice, AuxiliaryTask, Reason
    from hf_sluice.analysis.task_relations.validation import Scores

_WIDTH = 80
_REASONS = 3
_BAR = 20
_NAME = 24
_FAR = 1.0  # widths of the range that the predictor was fitted on


def advice_text(advice: Advice) -> str:
    """The auxiliary tasks by probability of a gain, what speaks for and against each, and what all that is worth.

    No line is longer than 80 characters.
    """
    sections = [_ranking(advice), _why(advice), _outside(advice), _worth(advice)]
    if advice.left_out:
        sections.append(["Done without, by a predictor that was fitted again without them:", *_items(advice.left_out)])
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _ranking(advice: Advice) -> list[str]:
    names = short_names([task.name for task in advice.auxiliaries], _NAME)
    width = max(len("auxiliary"), *map(len, names.values()))
    return [
        *textwrap.wrap(f"Which task will help {advice.main}? Probability of a gain, and the change expected", _WIDTH),
        "",
        *(
            f"{names[task.name]:<{width}}  {task.probability:4.2f} {_bar(task.probability)}  "
            f"{gain_number(task.gain):>6} %"
            for task in advice.auxiliaries
        ),
    ]


def _bar(probability: float) -> str:
    """A bar of fixed width, its middle marked."""
    filled = round(probability * _BAR)
    cells = ["█" if place < filled else "·" for place in range(_BAR)]
    return "".join(cells[: _BAR // 2]) + "│" + "".join(cells[_BAR // 2 :])


def _why(advice: Advice) -> list[str]:
    lines = ["Why: features of both tasks, and by how much each moves the log odds"]
    for task in advice.auxiliaries:
        lines += ["", task.name]
        lines += _reasons(task, "for", speaking_for=True)
        lines += _reasons(task, "against", speaking_for=False)
    return [line for text in lines for line in ([text] if len(text) <= _WIDTH else textwrap.wrap(text, _WIDTH))]


def _reasons(task: AuxiliaryTask, head: str, *, speaking_for: bool) -> list[str]:
    reasons = task.strongest(speaking_for=speaking_for, at_most=_REASONS)
    return [f"  {head if number == 0 else '':<8} {_reason(reason)}" for number, reason in enumerate(reasons)] or [
        f"  {head:<8} nothing"
    ]


def _reason(reason: Reason) -> str:
    return f"{f'{reason.log_odds:+.2f}'.replace('-', '−')}  {reason.feature} = {reason.value:.4g}"


def _outside(advice: Advice) -> list[str]:
    """How far tasks lie outside what the predictor was fitted on."""
    facts = []
    for task, row in advice.outside.iterrows():
        like = f"most like {row['nearest']} (distance {row['distance']:.1f} of the usual)"
        if row["outside"]:
            number = f"{int(row['outside'])} feature{'s' if row['outside'] > 1 else ''}"
            beyond = f"{number} out of range, {row['feature']} by {row['furthest']:.1f} widths"
            warning = ": A GUESS" if row["furthest"] > _FAR else ""
            facts.append(f"{task}: {beyond}{warning}; {like}")
        else:
            facts.append(f"{task}: within range; {like}")
    return [
        "How far the tasks lie from those that the predictor was fitted on",
        *_items(facts),
        "",
        *_wrapped(f"Fitted on: {advice.fitted_on}"),
    ]


def _worth(advice: Advice) -> list[str]:
    if advice.validation is None:
        return ["What this is worth is not known: too few pairs of tasks were fitted on to try it."]
    tried = advice.validation.held_out
    return [
        f"What this is worth, tried on the {advice.validation.pairs} pairs known, each held out",
        "(right: share of pairs; Brier: 0 is best, 0.25 is saying 0.5 always)",
        "",
        f"{'held out':<34}{'right':>8}{'majority':>10}{'Brier':>8}{'majority':>10}",
        *(_scores(name, scores, is_this=name == advice.held_out) for name, scores in tried.items()),
        "",
        *_verdict(advice, tried[advice.held_out]),
    ]


def _scores(name: str, scores: Scores, *, is_this: bool) -> str:
    return (
        f"{name + (' (these are)' if is_this else ''):<34}{scores.accuracy:>8.2f}{scores.majority.accuracy:>10.2f}"
        f"{scores.brier:>8.2f}{scores.majority.brier:>10.2f}"
    )


def _verdict(advice: Advice, scores: Scores) -> list[str]:
    """In words whether the predictor is better than saying always what most pairs are."""
    is_better = scores.accuracy > scores.majority.accuracy and scores.brier < scores.majority.brier
    kind = "new pairs of known tasks" if advice.held_out == "random pairs" else "tasks that are new to it"
    if is_better:
        return _wrapped(f"So for {kind} the predictor is better than saying always what most pairs are.")
    return _wrapped(
        f"So for {kind} THE PREDICTOR IS NO BETTER than saying always what most pairs are: take its ranking as a hint "
        "at most. A study of these tasks (hf-sluice relate study) would tell."
    )


def _items(facts: Sequence[str]) -> Iterator[str]:
    for fact in facts:
        yield from textwrap.wrap(fact, _WIDTH, initial_indent="- ", subsequent_indent="  ")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)
