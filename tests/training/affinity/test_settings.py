from __future__ import annotations

import pytest

from hf_sluice.training.affinity.settings import AffinitySettings


def test_by_default_every_tenth_step_is_looked_ahead_of_at_the_rate_of_the_run():
    assert (AffinitySettings().steps, AffinitySettings().learning_rate) == (10, None)


def test_what_could_not_be_measured_is_refused():
    assert AffinitySettings(steps=1, learning_rate=1e-9).learning_rate == 1e-9
    with pytest.raises(ValueError, match=r"^steps 0 should be at least 1$"):
        AffinitySettings(steps=0)
    for rate in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match=rf"^learning_rate {rate} should be positive, or null for that of"):
            AffinitySettings(learning_rate=rate)
