"""Tables of scores: mean ± standard deviation over seeds, and error reductions."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING, TextTable, format_runs
from hf_sluice.experiments.reports.blocks import AVERAGE
from hf_sluice.experiments.reports.measures import METRIC_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.experiments.reports.blocks import Block
    from hf_sluice.tasks import TaskMetric

_SAME = 0.00005  # what two decimals of per cent do not tell apart


def score_table(block: Block, beside: Mapping[str, Sequence[str]] | None = None) -> TextTable:
    """A block's figures, the best of each column in bold.

    Args:
        block: the figures.
        beside: more columns, by their heads, one text per row each.
    """
    more = {} if beside is None else beside
    cells = [_column(block, column) for column in block.columns]
    rows = tuple(zip(block.rows, *cells, *more.values(), strict=True))
    heads = (_head(block, column) for column in block.columns)
    return TextTable(block.title, ("", *heads, *more), rows, num_names=1)


def joint_table(blocks: Sequence[Block], column: str, title: str) -> TextTable:
    """One column of each block, side by side; the best of each in bold."""
    cells = [_column(block, column) for block in blocks]
    rows = tuple(zip(blocks[0].rows, *cells, strict=True))
    return TextTable(title, ("", *(block.title for block in blocks)), rows, num_names=1)


def error_reduction_table(blocks: Sequence[Block], baselines: Sequence[str]) -> TextTable | None:
    """By how much each system's errors are fewer than a baseline's, in per cent of the latter; errors are 1 − score.

    None where no block has a baseline, or scores are no shares of what is right.
    """
    columns = [
        (block, column, baseline)
        for block in blocks
        for column in block.summary
        for baseline in baselines
        if baseline in block.rows and block.metric(column).is_share
    ]
    if not columns:
        return None
    heads = (f"{_place(block, column, blocks)}, over {baseline}" for block, column, baseline in columns)
    rows = tuple(
        (row, *(_reduction(block, column, row, baseline) for block, column, baseline in columns))
        for row in columns[0][0].rows
    )
    return TextTable("Error reduction", ("", *heads), rows, num_names=1)


def _column(block: Block, column: str) -> list[str]:
    metric = block.metric(column)
    values = [block.values(row, column) for row in block.rows]
    means = [statistics.fmean(found) if found else None for found in values]
    best = _best([mean for mean in means if mean is not None], metric)
    texts = [format_runs(metric, found, block.num_seeds) for found in values]
    return [
        f"**{text}**" if best is not None and mean is not None and abs(mean - best) < _SAME else text
        for text, mean in zip(texts, means, strict=True)
    ]


def _best(means: Sequence[float], metric: TaskMetric) -> float | None:
    if len(means) < 2:  # noqa: PLR2004
        return None
    return max(means) if metric.larger_is_better else min(means)


def _head(block: Block, column: str) -> str:
    told = block.is_mixed and column != AVERAGE
    return f"{column} ({METRIC_NAMES[block.metric(column)]})" if told else column


def _place(block: Block, column: str, blocks: Sequence[Block]) -> str:
    return block.title if len(block.summary) == 1 and len(blocks) > 1 else column


def _reduction(block: Block, column: str, row: str, baseline: str) -> str:
    pairs = block.per_seed[column].unstack("row")[list({row, baseline})].dropna()
    if row == baseline or pairs.empty:
        return NOTHING
    errors = 1 - pairs[baseline].mean()
    return f"{100 * (pairs[row].mean() - pairs[baseline].mean()) / errors:+.1f} %" if errors else NOTHING
