from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.local_line import local_line

X = np.linspace(0.01, 1, 100)


def test_of_a_straight_line_it_is_the_line_without_error():
    line = local_line(X, 3 - 2 * X, 0.3, 0.1, 0.15)
    assert (line.level, line.gradient) == (pytest.approx(2.4), pytest.approx(-2))
    assert line.level_error < 1e-12
    assert line.gradient_error < 1e-10


def test_worked_by_hand():
    """Five points, the outer two with weight (1 − (2/2.5)³)³, the inner two with (1 − (1/2.5)³)³."""
    outer, inner = (1 - 0.8**3) ** 3, (1 - 0.4**3) ** 3
    line = local_line(np.arange(5.0), np.array([5.0, 3.0, 2.0, 3.0, 0.0]), 2.0, 0.5, 2.0)
    assert line.gradient == pytest.approx((-2 * 5 * outer - 3 * inner + 3 * inner) / (2 * (4 * outer + inner)))
    assert line.level == pytest.approx((5 * outer + 6 * inner + 2) / (2 * outer + 2 * inner + 1))


def test_errors_are_as_large_as_the_scatter():
    generator = np.random.default_rng(0)
    lines = [local_line(X, 3 - 2 * X + 0.1 * generator.normal(size=100), 0.5, 0.2, 0.2) for _ in range(400)]
    for value, error in (("level", "level_error"), ("gradient", "gradient_error")):
        scatter = np.std([getattr(line, value) for line in lines])
        assert scatter == pytest.approx(np.mean([getattr(line, error) for line in lines]), rel=0.12)


def test_points_outside_the_window_do_not_count():
    y = np.where(np.abs(X - 0.5) < 0.1, 3 - 2 * X, 99)
    assert local_line(X, y, 0.5, 0.1, 0.1).gradient == pytest.approx(-2)


def test_a_window_is_widened_to_five_points_but_not_beyond_reach():
    few = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    assert local_line(few, 1 - few, 0.3, 0.05, 0.2).gradient == pytest.approx(-1)
    assert local_line(few, 1 - few, 0.3, 0.05, 0.19) is None
    assert local_line(few[:4], 1 - few[:4], 0.3, 0.5, 1.0) is None
