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
    lines = ["Why: features of main and auxiliary task, and by how much each moves the log odds"]
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
            beyond = f"{int(row['outside'])} features out of range, {row['feature']} by {row['furthest']:.1f} widths"
            warning = ": A GUESS" if row["furthest"] > _FAR else ""
            facts.append(f"{task}: {beyond}{warning}; {like}")
        else:
            facts.append(f"{task}: within range; {like}")
    return [*_wrapped(f"How far the tasks lie from those fitted on, {advice.fitted_on}:"), *_items(facts)]


def _worth(advice: Advice) -> list[str]:
    if advice.validation is None:
        return ["What this is worth is not known: too few pairs of tasks were fitted on to try it."]
    validation = advice.validation
    return [
        f"What this is worth, tried on {validation.pairs} pairs that it was not fitted on",
        "(right: share of pairs; Brier: 0 is best, 0.25 is saying 0.5 always)",
        "",
        f"{'':<34}{'right':>8}{'majority':>10}{'Brier':>8}{'majority':>10}",
        _scores("for a new task (left out)", validation.new_task),
        _scores("for new pairs of known tasks", validation.random_pairs),
    ]


def _scores(name: str, scores: Scores) -> str:
    return (
        f"{name:<34}{scores.accuracy:>8.2f}{scores.majority.accuracy:>10.2f}"
        f"{scores.brier:>8.2f}{scores.majority.brier:>10.2f}"
    )


def _items(facts: Sequence[str]) -> Iterator[str]:
    for fact in facts:
        yield from textwrap.wrap(fact, _WIDTH, initial_indent="- ", subsequent_indent="  ")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)
