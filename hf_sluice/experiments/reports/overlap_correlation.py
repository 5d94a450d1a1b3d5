"""Whether gains go with the overlap of masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.correlation import rank_correlation
from hf_sluice.evaluation.significance import format_p_value

if TYPE_CHECKING:
    import pandas as pd

_NOT_APART = "runs of one pair are not independent of each other, so without p"


def correlation_text(overlap: pd.Series, gain: pd.Series) -> str:
    """Spearman's ρ over the means of the pairs, and over single runs, each with how many there are.

    Args:
        overlap: index (pair, seed), NaN where a run is missing.
        gain: the same index.
    """
    means = [values.groupby(level="pair", sort=False).mean() for values in (overlap, gain)]
    over_pairs = rank_correlation(*means)
    pairs = int((means[0].notna() & means[1].notna()).sum())
    if over_pairs is None:
        text = f"Spearman's ρ over the means of the pairs (n = {pairs}) says nothing: it needs four or more that differ"
    else:
        p_value = format_p_value(over_pairs.p_value)
        text = f"Spearman's ρ over the means of the pairs (n = {pairs}) is {over_pairs.rho:+.2f}, p {p_value}"
    over_runs = rank_correlation(overlap, gain)
    if over_runs is None:
        return f"{text}."
    return f"{text}; over runs (n = {over_runs.observations}) it is {over_runs.rho:+.2f} ({_NOT_APART})."
