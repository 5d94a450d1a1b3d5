"""What a predictor reads unless it is told otherwise."""

from __future__ import annotations

from hf_sluice.analysis.task_relations.definitions import PERCENTS

DATA = ("sentences", "labels", "tokens_per_type", "label_entropy", "frobenius_norm")
CURVE = tuple(f"relative_gradient_{percent}" for percent in PERCENTS)

DEFAULT_FEATURES = (*DATA, *CURVE)
"""Features that mean the same in another training than the one that they were learned from.

- Of the curve the relative gradients alone. They are per budget, so that 1,000 batches compare with 50,000, and do not
  change with what a loss is averaged over. Differences of raw losses are per step and mostly noise; ``curve_c`` is not
  determined by the curve (:mod:`~hf_sluice.analysis.task_relations.logarithmic_fit`).
- Not ``oov_rate``, which depends on one file of word vectors, nor ``jsd``, which the published table has of labels in
  the place of words.

They were chosen for these reasons and not by their scores; what they score stands in the report of
``hf-sluice relate published``.
"""
