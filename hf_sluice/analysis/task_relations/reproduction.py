"""The paper's Tables 3 and 4, recomputed (Bingel & Søgaard 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.coefficients import coefficient_spread
from hf_sluice.analysis.task_relations.definitions import PAPER_FEATURES, PERCENTS, feature_names
from hf_sluice.analysis.task_relations.elimination import choice_by_elimination, eliminate
from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN, RATIO
from hf_sluice.analysis.task_relations.published_features import notebook_features
from hf_sluice.analysis.task_relations.validation import validate

if TYPE_CHECKING:
    import pandas as pd

    from hf_sluice.analysis.task_relations.elimination import Elimination
    from hf_sluice.analysis.task_relations.logistic import FitSettings
    from hf_sluice.analysis.task_relations.published import Published
    from hf_sluice.analysis.task_relations.validation import Validation

_CHOOSING_RUNS = 5
_SHIFT_RUNS = 10
_RANDOM_DRAWS = 20
SHIFTS = tuple(shift for shift in range(-10, 11) if shift)

_ALPHABETICAL = (
    "frobenius_norm",
    "jsd",
    "label_entropy",
    "sentences",
    "labels",
    "oov_rate",
    "tokens_per_type",
)
"""The data features in the order of the notebook's own names."""


@dataclass(frozen=True, eq=False)
class Reproduction:
    """The tables under one setting.

    Args:
        everything: validation with all 42 features.
        data: with the 21 data features.
        best_data: elimination among these, in the notebook's order.
        best: elimination among all.
        chosen_inside: validation of elimination itself: features are chosen by the pairs that are fitted on alone.
        coefficients: Table 4, as :func:`~.coefficients.coefficient_spread` has it.
    """

    everything: Validation
    data: Validation
    best_data: Elimination
    best: Elimination
    chosen_inside: Validation
    coefficients: pd.DataFrame


def notebook_pairs(published: Published, *, c_of_2017: bool) -> KnownPairs:
    """The 90 pairs with the paper's 42 features."""
    features = notebook_features(published, c_of_2017=c_of_2017)
    return KnownPairs.of(features, published.gains, list(features.columns))[0]


def reproduce(pairs: KnownPairs, settings: FitSettings, draws: int, first_look: int) -> Reproduction:
    """Computes Tables 3 and 4.

    Args:
        pairs: the 90 pairs.
        settings: how to fit.
        draws: how often features are ranked.
        first_look: how many times pairs are shuffled for each number of features.
    """
    data = pairs.with_columns([f"{role} {name}" for role in (MAIN, AUXILIARY, RATIO) for name in feature_names("data")])
    return Reproduction(
        everything=validate(pairs, settings),
        data=validate(data, settings, in_full=False),
        best_data=eliminate(data, settings, notebook_order(), first_look=first_look),
        best=eliminate(pairs, settings, draws=draws, first_look=first_look),
        chosen_inside=validate(
            pairs, settings, runs=_CHOOSING_RUNS, choose=choice_by_elimination(settings), in_full=False
        ),
        coefficients=coefficient_spread(pairs, settings),
    )


def random_features(published: Published, settings: FitSettings) -> pd.DataFrame:
    """What numbers drawn at random, 14 for each task, predict in the place of the features.

    Returns:
        Index ``seed``: ``accuracy`` and ``f1`` of random pairs, ``accuracy_new`` and ``f1_new`` of a new task.
    """
    import pandas as pd

    rows = {}
    for seed in range(_RANDOM_DRAWS):
        drawn = np.random.default_rng(seed).normal(size=(len(published.tasks), len(PAPER_FEATURES)))
        features = pd.DataFrame(drawn, index=published.tasks, columns=PAPER_FEATURES)
        pairs, _ = KnownPairs.of(features, published.gains, PAPER_FEATURES)
        found = validate(pairs, settings, runs=_SHIFT_RUNS, in_full=False)
        rows[seed] = {
            "accuracy": found.random_pairs.accuracy,
            "f1": found.random_pairs.f1,
            "accuracy_new": found.new_task.accuracy,
            "f1_new": found.new_task.f1,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("seed")


def notebook_order() -> list[str]:
    """In which order the notebook leaves out data features: backwards by its own names.

    It asks the elimination to keep 42 of the 21, so that all of them come first and no rank tells them apart.
    """
    return [f"{role} {name}" for role in (MAIN, RATIO, AUXILIARY) for name in reversed(_ALPHABETICAL)]


def shifted_gradients(published: Published, settings: FitSettings) -> pd.DataFrame:
    """What becomes of the predictor where each gradient is taken some lines of the log earlier or later.

    Returns:
        Index ``shift`` in lines (of ten batches each; the notebook's place is 0 and not among them): ``accuracy`` and
        ``f1`` with all 42 features, and the ``coefficient`` of ``main gradient_30``.
    """
    import pandas as pd

    from hf_sluice.analysis.task_relations.curve_features import raw_gradient

    features = notebook_features(published, c_of_2017=True)
    rows = {}
    for shift in SHIFTS:
        shifted = features.copy()
        for percent in PERCENTS:
            for task in features.index:
                steps, losses = published.logged(str(task))
                place = int(len(steps) * (percent / 100)) + shift
                shifted.loc[task, f"gradient_{percent}"] = raw_gradient(steps, losses, place)
        pairs, _ = KnownPairs.of(shifted, published.gains, list(shifted.columns))
        found = validate(pairs, settings, runs=_SHIFT_RUNS, in_full=False).random_pairs
        spread = coefficient_spread(pairs, settings, runs=_SHIFT_RUNS)
        rows[shift] = {
            "accuracy": found.accuracy,
            "f1": found.f1,
            "coefficient": float(np.asarray(spread.loc["main gradient_30", "coefficient"])),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("shift")
