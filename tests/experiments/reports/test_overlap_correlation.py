from __future__ import annotations

import pandas as pd

from hf_sluice.experiments.reports.overlap_correlation import correlation_text


def series(*of_pairs, seeds=2):
    """One value per pair, the same for each seed but for a little."""
    values = {(f"pair {number}", seed): of + seed / 1000 for number, of in enumerate(of_pairs) for seed in range(seeds)}
    return pd.Series(values).rename_axis(["pair", "seed"])


def test_three_pairs_say_nothing_and_their_runs_are_not_apart():
    text = correlation_text(series(0.1, 0.2, 0.3), series(3, 2, 1))

    assert "over the means of the pairs (n = 3) says nothing: it needs four or more" in text
    assert "over runs (n = 6) it is -0.83 (" in text
    assert text.count(", p ") == 0


def test_more_pairs_have_a_correlation_with_p():
    text = correlation_text(series(0.1, 0.2, 0.3, 0.4, 0.5), series(5, 4, 3, 2, 1))

    assert "over the means of the pairs (n = 5) is -1.00, p 0.017" in text  # 2 of 120 orders


def test_missing_runs_do_not_count():
    overlap = series(0.1, 0.2, 0.3, 0.4, 0.5)
    overlap["pair 4"] = float("nan")
    overlap["pair 0", 1] = float("nan")
    text = correlation_text(overlap, series(5, 4, 3, 2, 1))

    assert "pairs (n = 4)" in text
    assert "runs (n = 7)" in text
