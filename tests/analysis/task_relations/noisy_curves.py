"""Learning curves of which everything is known."""

from __future__ import annotations

import numpy as np

from hf_sluice.analysis.task_relations.curves import LearningCurve

BUDGET = 2000


def logarithmic_curve(a: float, rate: float, level: float, noise: float, seed: int = 0) -> LearningCurve:
    """L(i) = a·ln(rate·i + 1) + level + noise at every tenth step of 2000."""
    steps = np.arange(10, BUDGET + 1, 10)
    generator = np.random.default_rng(seed)
    losses = a * np.log(rate * steps + 1) + level + noise * generator.normal(size=len(steps))
    return LearningCurve("pos", steps, losses, BUDGET)
