"""How the overlap of masks goes down as more and more is pruned (Sun et al. 2020, Figure 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.analysis.mask_tables import percent
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.models.mask_measures import overlap_ratio, pair_overlaps, sparsity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.models.mask_file import MaskSet


@dataclass(frozen=True)
class RoundOverlap:
    """All tasks' masks after one round of pruning.

    Args:
        round: prunings so far.
        sparsity: the share of weights that remain, the mean over tasks.
        overlap: overlap ratio of all tasks.
        pairs: those of every two tasks.
    """

    round: int
    sparsity: float
    overlap: float
    pairs: tuple[tuple[str, str, float], ...]


def overlap_by_round(masks: MaskSet) -> list[RoundOverlap]:
    """Overlap after each round that all tasks went through, the whole network first.

    Args:
        masks: of at least two tasks, with the rounds of their search.

    Raises:
        ValueError: the rounds are not on record.
    """
    if masks.rounds is None:
        raise ValueError("these masks were saved without the rounds of their search")
    last = min(max(int(left.max()) for left in of_task.values()) for of_task in masks.rounds.values())
    rounds = []
    for number in range(last + 1):
        then = {task: masks.at_round(task, number) for task in masks.masks}
        rounds.append(
            RoundOverlap(
                round=number,
                sparsity=sum(map(sparsity, then.values())) / len(then),
                overlap=overlap_ratio(list(then.values())),
                pairs=tuple((*pair, ratio) for pair, ratio in pair_overlaps(then).items()),
            )
        )
    return rounds


def overlap_by_round_table(rounds: Sequence[RoundOverlap]) -> TextTable:
    """One row per round; where there are more than two tasks, a column for all of them."""
    pairs = [(one, other) for one, other, _ in rounds[0].pairs]
    several = len(pairs) > 1
    rows = tuple(
        (
            str(one.round),
            percent(one.sparsity),
            *([f"{one.overlap:.2f}"] if several else []),
            *(f"{ratio:.2f}" for *_, ratio in one.pairs),
        )
        for one in rounds
    )
    names = [*(["all tasks"] if several else []), *(f"{one} & {other}" for one, other in pairs)]
    return TextTable("Overlap ratios, round by round", ("round", "sparsity", *names), rows, num_names=1)
