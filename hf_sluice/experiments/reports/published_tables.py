"""Published figures beside those measured here."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, TypeAlias

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.reports.settings import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.experiments.reports.blocks import Block
    from hf_sluice.experiments.reports.settings import Published

Figures: TypeAlias = "Mapping[str, Mapping[str, float]]"


def published_tables(published: Published, here: Mapping[str, Figures], baselines: Sequence[str]) -> list[TextTable]:
    """Per block a table of the published figures and, where there are any, of those measured here.

    For columns that both have, the gains over the baselines follow: levels depend on corpus and sizes, gains less so.

    Args:
        published: the figures.
        here: what was measured here, of the same measure: per block, column and row.
        baselines: systems over which to give gains, where they are among the rows.
    """
    return [_table(title, figures, here.get(title, {}), baselines) for title, figures in published.blocks.items()]


def block_figures(block: Block) -> dict[str, dict[str, float]]:
    """Per column and row of a block the mean over seeds, shares in per cent."""
    return {column: _means(block, column) for column in block.per_seed}


def _table(title: str, figures: Figures, here: Figures, baselines: Sequence[str]) -> TextTable:
    columns = dict.fromkeys(column for row in figures.values() for column in row)
    cells: dict[str, list[str]] = {}
    for column in columns:
        of_paper = {row: values[column] for row, values in figures.items() if column in values}
        digits = 1 if column == PARAMETERS else 2
        cells[f"{column}: published"] = [_number(of_paper.get(row), digits) for row in figures]
        if column in here:
            cells[f"{column}: here"] = [_number(here[column].get(row), digits) for row in figures]
            for baseline in baselines if column != PARAMETERS else ():
                cells.update(_gains(f"{column} over {baseline}", baseline, (of_paper, here[column]), list(figures)))
    rows = tuple(zip(figures, *cells.values(), strict=True))
    return TextTable(title, ("", *cells), rows, num_names=1)


def _gains(
    name: str, baseline: str, both: Sequence[Mapping[str, float]], rows: Sequence[str]
) -> Iterator[tuple[str, list[str]]]:
    if any(baseline not in values for values in both):
        return
    for values, place in zip(both, ("published", "here"), strict=True):
        gains = {row: values[row] - values[baseline] for row in rows if row in values and row != baseline}
        yield f"{name}: {place}", [f"{gains[row]:+.2f}" if row in gains else NOTHING for row in rows]


def _means(block: Block, column: str) -> dict[str, float]:
    scale = 100 if block.metric(column).is_share else 1
    values = {row: block.values(row, column) for row in block.rows}
    return {row: scale * statistics.fmean(found) for row, found in values.items() if found}


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"
