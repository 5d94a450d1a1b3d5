"""Whether one system's difference from each other one is more than noise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.evaluation.significance import PairedDifference, correct_p_values, format_p_value, paired_difference
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.experiments.reports.blocks import Block

METHOD = (
    "Difference: mean of the paired differences, in the scores' unit. A pair is the two systems' scores on one test "
    "domain after training with one seed on one source; pairs lacking a score are left out. The 95 % interval is a "
    "percentile bootstrap over pairs (`scipy.stats.bootstrap`), p that of approximate randomisation, two-sided "
    "(`scipy.stats.permutation_test`), “corrected” by Benjamini & Hochberg over the table. Both take "
    "the pairs for independent. They are not quite: test domains scored by the same run share its accidents, and runs "
    "on the same source share its sentences. So the same test stands beside it with one pair per run, its test domains "
    "averaged. With N pairs no p is below 2/2^N. Nothing is said of other sentences, domains or corpora than these."
)
METHOD_BY_RUN = (
    "Difference: mean of the paired differences, in the scores' unit. A pair is the two systems' scores on all test "
    "sentences after training with one seed; pairs lacking a score are left out. The 95 % interval is a percentile "
    "bootstrap over pairs (`scipy.stats.bootstrap`), p that of approximate randomisation, two-sided "
    "(`scipy.stats.permutation_test`), “corrected” by Benjamini & Hochberg over the table. With N pairs no p is below "
    "2/2^N. Nothing is said of other sentences or corpora than these."
)


def comparison_table(blocks: Sequence[Block], compared: str, *, by_run: bool = True) -> TextTable | None:
    """One row per block's summary column and other system; None where there is nothing to compare.

    Args:
        blocks: the scores.
        compared: the system that is compared with every other one.
        by_run: whether the test stands there again with one pair per run; runs with one score each need that not.
    """
    places, by_score, by_runs = [], [], []
    for block in blocks:
        for column in block.summary:
            for other in block.rows:
                pairs = _pairs(block, column, compared, other)
                if other == compared or pairs.empty:
                    continue
                places.append((block, column, other))
                by_score.append(_difference(pairs))
                by_runs.append(_difference(pairs.groupby(["seed", "source"]).mean()))
    if not places:
        return None
    tests = [_tests(differences) for differences in ((by_score, by_runs) if by_run else (by_score,))]
    rows = tuple(
        (
            block.title if len(block.summary) == 1 else column,
            other,
            *_numbers(block, column, difference),
            *(cell for test in of_both for cell in test),
        )
        for (block, column, other), difference, *of_both in zip(places, by_score, *tests, strict=True)
    )
    heads = ("", f"{compared} minus", "difference", "95 % interval", "pairs", "p", "corrected")
    return TextTable("", (*heads, *(("runs", "p by runs", "corrected") if by_run else ())), rows, num_names=2)


def _pairs(block: Block, column: str, first: str, second: str) -> pd.DataFrame:
    units = {name: block.units(row, column) for name, row in (("first", first), ("second", second))}
    return pd.DataFrame(units).dropna()


def _difference(pairs: pd.DataFrame) -> PairedDifference:
    return paired_difference(pairs["first"].to_numpy(), pairs["second"].to_numpy())


def _numbers(block: Block, column: str, difference: PairedDifference) -> tuple[str, str]:
    scale, digits = (100, 2) if block.metric(column).is_share else (1, 4)
    low, mean, high = (f"{scale * value:+.{digits}f}" for value in (difference.low, difference.mean, difference.high))
    return mean, NOTHING if math.isnan(difference.low) else f"{low} to {high}"


def _tests(differences: Sequence[PairedDifference]) -> list[tuple[str, str, str]]:
    """Per difference how many pairs, p, and p corrected for the number of differences."""
    corrected = correct_p_values([difference.p_value for difference in differences])
    return [
        (str(difference.pairs), format_p_value(difference.p_value), format_p_value(p_value))
        for difference, p_value in zip(differences, corrected, strict=True)
    ]
