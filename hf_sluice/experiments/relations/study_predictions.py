"""What predictors are worth on the pairs of a study: its own, held out, and the one that comes with the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from hf_sluice.analysis.task_relations.default_features import DEFAULT_FEATURES
from hf_sluice.analysis.task_relations.definitions import PAPER_FEATURES, feature_names
from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.analysis.task_relations.held_out import f1_of_gains
from hf_sluice.analysis.task_relations.relations import TaskRelations
from hf_sluice.analysis.task_relations.validation import RUNS
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.validation import Validation

_EVEN = 0.5
_FEATURES = {
    "the paper's": tuple(PAPER_FEATURES),
    "the paper's of data": tuple(feature_names("data")),
    "default": DEFAULT_FEATURES,
}
LEFT_OUT, BY_SIGN = "left out", "by sign"

Reason: TypeAlias = str
"""Why there is no figure, in one line."""


@dataclass(frozen=True, slots=True)
class ShippedScores:
    """How good a predictor that was fitted elsewhere is on the pairs of a study.

    Args:
        pairs: how many.
        accuracy: share of pairs of which it is right whether there is a gain.
        f1: of the gains.
        majority_accuracy: of always saying what most of these pairs are.
        majority_f1: of always saying that there is a gain.
        rank_correlation: Spearman's, of probability and gain; NaN where either is constant.
    """

    pairs: int
    accuracy: float
    f1: float
    majority_accuracy: float
    majority_f1: float
    rank_correlation: float


@dataclass(frozen=True, eq=False)
class StudyPredictions:
    """What came of predicting a study's gains.

    Args:
        fitted: relations with a predictor of the default features; or why there is none.
        fitted_to: what became of undecided pairs there: left out, or taken by sign where not both gains and losses are
            decided.
        validations: by features and by what becomes of undecided pairs: both validations, or why there are none.
        shipped: by what becomes of undecided pairs, likewise.
        shipped_left_out: features that the shipped predictor was fitted again without, one line each.
        shipped_outside: how far each task lies outside those that it was fitted on; index ``task``.
    """

    fitted: TaskRelations | Reason
    fitted_to: str
    validations: dict[tuple[str, str], Validation | Reason]
    shipped: dict[str, ShippedScores | Reason]
    shipped_left_out: tuple[str, ...]
    shipped_outside: pd.DataFrame | Reason


def study_predictions(features: pd.DataFrame, gains: pd.DataFrame, source: str, runs: int = RUNS) -> StudyPredictions:
    """Fits, validates, and tries the shipped predictor.

    Args:
        features: of tasks.
        gains: of pairs.
        source: of the study, to stand in the predictor's file.
        runs: how many times a validation shuffles the pairs.
    """
    fitted, fitted_to = _fitted(features, gains, source)
    shipped = TaskRelations.published()
    try:
        usable = shipped.fitted_for(features)
        left_out, outside = usable.left_out, usable.extrapolation(features)
    except UserError as error:
        left_out, outside = (), str(error)
    return StudyPredictions(
        fitted=fitted,
        fitted_to=fitted_to,
        validations=dict(_validations(features, gains, runs)),
        shipped={treatment: _tried(shipped, features, table) for treatment, table in _treated(gains)},
        shipped_left_out=left_out,
        shipped_outside=outside,
    )


def _fitted(features: pd.DataFrame, gains: pd.DataFrame, source: str) -> tuple[TaskRelations | Reason, str]:
    reasons = []
    for treatment, table in _treated(gains):
        said = source if treatment == LEFT_OUT else f"{source}, undecided pairs {treatment}"
        try:
            return TaskRelations.from_tables(features, table, said).fit(), treatment
        except UserError as error:
            reasons.append(str(error))
    return reasons[0], LEFT_OUT


def _treated(gains: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """As they are, undecided pairs being left out; and where there are such, with the sign as verdict of all."""
    yield LEFT_OUT, gains
    if (gains["verdict"] == Verdict.UNDECIDED).any():
        yield BY_SIGN, gains.drop(columns="verdict")


def _validations(
    features: pd.DataFrame, gains: pd.DataFrame, runs: int
) -> Iterator[tuple[tuple[str, str], Validation | Reason]]:
    for treatment, table in _treated(gains):
        for name, chosen in _FEATURES.items():
            known = [feature for feature in chosen if features[feature].notna().all()]
            named = f"{name} ({len(known)} of {len(chosen)})"
            try:
                relations = TaskRelations.from_tables(features, table).fit(known)
                yield (named, treatment), relations.validate(runs)
            except UserError as error:
                yield (named, treatment), str(error)


def _tried(shipped: TaskRelations, features: pd.DataFrame, gains: pd.DataFrame) -> ShippedScores | Reason:
    """Predicts the pairs that have a gain or a loss."""
    try:
        known = TaskRelations.from_tables(features, gains).gains
        known = known[known["verdict"] != Verdict.UNDECIDED]
        pairs = list(zip(known["main"], known["auxiliary"], strict=True))
        probability = shipped.predict(features, pairs)["probability"].to_numpy()
    except UserError as error:
        return str(error)
    is_gain = (known["verdict"] == Verdict.GAIN).to_numpy()
    says_gain = probability > _EVEN
    return ShippedScores(
        pairs=len(is_gain),
        accuracy=float((says_gain == is_gain).mean()),
        f1=f1_of_gains(says_gain, is_gain),
        majority_accuracy=float(max(is_gain.mean(), 1 - is_gain.mean())),
        majority_f1=f1_of_gains(np.ones_like(is_gain), is_gain),
        rank_correlation=_rank_correlation(probability, known["gain"].to_numpy(dtype=float)),
    )


def _rank_correlation(first_P: NDArray[np.float64], second_P: NDArray[np.float64]) -> float:
    from scipy.stats import spearmanr

    if len(first_P) < 2 or np.ptp(first_P) == 0 or np.ptp(second_P) == 0:  # noqa: PLR2004 - a line
        return float("nan")
    return float(spearmanr(first_P, second_P).statistic)
