from __future__ import annotations

import pytest

from hf_sluice.analysis.figure_numbers import two_decimals


@pytest.mark.parametrize(
    ("value", "expected"), [(0.25, "0.25"), (1.0, "1.00"), (-0.333, "−0.33"), (-0.001, "0.00"), (12.345678, "12.35")]
)
def test_numbers_have_two_decimals_and_a_wide_sign(value, expected):
    assert two_decimals(value) == expected
