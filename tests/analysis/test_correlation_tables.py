from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.correlation import RankCorrelation, rank_correlation
from hf_sluice.analysis.correlation_tables import corrected, correlate, correlation_table, strongest_table, summary
from hf_sluice.evaluation.significance import correct_p_values

NOISE = np.random.default_rng(0).normal(size=(3, 12))
CHARACTERISTICS = pd.DataFrame({"size": np.arange(12.0), "noise": NOISE[0], "same": 1.0})
OUTCOMES = pd.DataFrame({"gain": np.arange(12.0) ** 2, "other": NOISE[1]})


def test_every_characteristic_is_held_against_every_outcome():
    tests = correlate(CHARACTERISTICS, OUTCOMES)

    assert [test[:2] for test in tests] == [(o, c) for o in ("gain", "other") for c in ("size", "noise")]
    assert tests[1].correlation == rank_correlation(CHARACTERISTICS["noise"], OUTCOMES["gain"])
    p_values = [test.correlation.p_value for test in tests]
    assert [test.corrected for test in tests] == pytest.approx(correct_p_values(p_values))


def test_what_could_not_be_tested_is_left_out():
    found = RankCorrelation(0.5, 0.25, 9)

    assert corrected([("gain", "size", None), ("gain", "noise", found)]) == [("gain", "noise", found, 0.25)]
    assert corrected([]) == []


def test_significant_cells_are_bold():
    table = correlation_table(correlate(CHARACTERISTICS, OUTCOMES), list(OUTCOMES), list(CHARACTERISTICS))

    assert table.columns == ("", "size", "noise", "same")
    assert [row[0] for row in table.rows] == ["gain", "other"]
    assert (table.rows[0][1], table.rows[0][3]) == ("**+1.00**", "-")
    assert "*" not in table.rows[1][2]


def test_the_smallest_p_stands_first():
    tests = correlate(CHARACTERISTICS, OUTCOMES)
    rows = strongest_table(tests).rows

    assert rows[0][:4] == ("gain", "size", "+1.00", "12")
    assert [row[:2] for row in rows] == [t[:2] for t in sorted(tests, key=lambda test: test.correlation.p_value)]


def test_the_summary_counts():
    tests = corrected(("gain", name, RankCorrelation(0.5, p, 9)) for name, p in (("a", 0.01), ("b", 0.04), ("c", 0.5)))

    assert summary(tests, 12) == (
        "Observations: 12. Tests: 3, of which 2 have p < 0.05 (0.2 would be expected by chance alone), 1 after "
        "correction; the smallest corrected p is 0.030."
    )
