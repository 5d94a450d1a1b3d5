from __future__ import annotations

import pytest

from hf_sluice.analysis.task_relations.gain_numbers import gain_number


@pytest.mark.parametrize(
    ("gain", "text"),
    [(1.24, "+1.2"), (-1.26, "−1.3"), (0.04, "0.0"), (-0.04, "0.0"), (0, "0.0"), (99.97, "+100"), (-123.4, "−123")],
)
def test_gains_have_a_sign_and_few_digits(gain, text):
    assert gain_number(gain) == text
