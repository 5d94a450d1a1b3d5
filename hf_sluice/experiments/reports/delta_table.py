"""By how much systems are better than one of them, beside what a paper found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.reports.curves import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.experiments.reports.blocks import Block


def delta_table(block: Block, base: str, published: Mapping[str, Mapping[str, float]]) -> TextTable:
    """One row per other system, per column of the block the mean over seeds of its score minus that of the base.

    Args:
        block: the scores.
        base: a row of the block.
        published: per row the columns' scores, in per cent; their differences are shown where they have the base.
    """
    rows = [row for row in block.rows if row != base]
    cells: dict[str, list[str]] = {}
    for column in block.columns:
        cells[column] = [_difference(block, column, row, base) for row in rows]
        of_paper = {row: figures[column] for row, figures in published.items() if column in figures}
        if base in of_paper:
            cells[f"{column}: published"] = [
                f"{of_paper[row] - of_paper[base]:+.2f}" if row in of_paper else NOTHING for row in rows
            ]
    title = f"Δ over {base}, mean ± sample standard deviation of the seeds' differences"
    return TextTable(title, ("", *cells), tuple(zip(rows, *cells.values(), strict=True)), num_names=1)


def _difference(block: Block, column: str, row: str, base: str) -> str:
    scale, digits = (100, 2) if block.metric(column).is_share else (1, 4)
    scores = block.per_seed[column]
    return spread(scale * (scores.loc[row] - scores.loc[base]), digits, block.num_seeds, sign="+")
