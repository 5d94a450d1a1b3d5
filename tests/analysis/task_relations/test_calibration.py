from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from hf_sluice.analysis.task_relations.calibration import brier_score, reliability


def test_worked_by_hand():
    probability = np.array([0.1, 0.2, 0.3, 0.9, 1.0, 0.0])
    is_gain = np.array([False, True, False, True, True, False])
    table = reliability(probability, is_gain)
    assert table["above"].tolist() == pytest.approx([0.0, 0.2, 0.8])
    assert table["up_to"].tolist() == pytest.approx([0.2, 0.4, 1.0])
    assert table["predictions"].tolist() == [3, 1, 2]
    assert table["predicted"].tolist() == pytest.approx([0.1, 0.3, 0.95])
    assert table["gains"].tolist() == pytest.approx([1 / 3, 0, 1])
    assert brier_score(probability, is_gain) == pytest.approx((0.01 + 0.64 + 0.09 + 0.01) / 6)


def test_probabilities_that_are_right_lie_on_the_diagonal():
    generator = np.random.default_rng(0)
    probability = generator.uniform(size=20000)
    is_gain = generator.uniform(size=20000) < probability
    table = reliability(probability, is_gain)
    assert np.allclose(table["predicted"], table["gains"], atol=0.03)
    assert brier_score(probability, is_gain) == pytest.approx(brier_score_loss(is_gain, probability))
