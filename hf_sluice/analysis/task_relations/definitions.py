"""What is known of a task before it is trained with another: the features, each with its definition, unit and source.

The paper's 14 features of a task are groups ``data`` and ``curve`` (Bingel & Søgaard 2017, Table 2 and section 4);
those of groups ``smoothed`` and ``score`` are ours, and take the place of differences of a noisy loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

FeatureGroup: TypeAlias = Literal["data", "curve", "smoothed", "score"]

PERCENTS = (10, 20, 30, 50, 70)  # of the budget; Bingel & Søgaard 2017, section 4
ERROR_SUFFIX = "_error"

_PAPER = "Bingel & Søgaard 2017, Table 2"
_PAPER_TEXT = "Bingel & Søgaard 2017, section 4"
_OURS = "hf_sluice"


@dataclass(frozen=True, slots=True)
class FeatureDefinition:
    """A feature of a task.

    Args:
        name: column of the table of task features.
        group: ``data``, ``curve`` (as in the paper), ``smoothed`` (training loss) or ``score`` (development score).
        definition: what it is, in a sentence.
        unit: of its values.
        source: where it comes from.
        has_error: whether a column ``<name>_error`` holds its standard error.
    """

    name: str
    group: FeatureGroup
    definition: str
    unit: str
    source: str
    has_error: bool = False


def _data_features() -> tuple[FeatureDefinition, ...]:
    train = "the training sentences"
    return (
        FeatureDefinition("sentences", "data", f"Number of {train} that carry the task.", "sentences", _PAPER),
        FeatureDefinition("labels", "data", "Number of the task's labels.", "labels", _PAPER),
        FeatureDefinition("tokens_per_type", "data", f"Words over different words of {train}.", "words", _PAPER),
        FeatureDefinition(
            "oov_rate", "data", f"Share of the words of {train} that have no pretrained vector.", "per cent", _PAPER
        ),
        FeatureDefinition(
            "label_entropy", "data", f"Entropy of the distribution of labels in {train}.", "nats per word", _PAPER
        ),
        FeatureDefinition(
            "frobenius_norm",
            "data",
            f"Root of the sum of squares of how often each word stands in each of {train}: lower-cased words of two "
            "or more letters, as scikit-learn's CountVectorizer takes them.",
            "words",
            _PAPER,
        ),
        FeatureDefinition(
            "jsd",
            "data",
            f"Jensen–Shannon divergence of the distributions of words in {train} and in those held out. (The published "
            "notebook puts labels in the place of the words held out: its values do not compare.)",
            "nats",
            _PAPER,
        ),
    )


def _curve_features() -> tuple[FeatureDefinition, ...]:
    gradients = tuple(
        FeatureDefinition(
            f"gradient_{percent}",
            "curve",
            f"Difference of the raw losses before and after the first point beyond {percent} % of the budget, over the "
            "steps between them.",
            "loss per step",
            _PAPER_TEXT,
        )
        for percent in PERCENTS
    )
    fit = "of the least-squares fit L(i) = a·ln(c·i + d) + b of the loss at step i, from a = b = c = d = 1"
    return (
        *gradients,
        FeatureDefinition("curve_a", "curve", f"a {fit}.", "loss", _PAPER_TEXT),
        FeatureDefinition(
            "curve_c",
            "curve",
            f"c {fit}. The same factor on c and d is the same curve with another b, so that the data say nothing of c "
            "but c/d: its value comes from the path of the optimiser and changes with the version of SciPy.",
            "per step, times any factor",
            _PAPER_TEXT,
        ),
    )


def _smoothed_features() -> tuple[FeatureDefinition, ...]:
    how = "of the training loss smoothed by local linear regression, at {} % of the budget"
    gradients = _at_each("smoothed_gradient", "smoothed", f"Gradient {how}.", "loss per budget")
    levels = _at_each("smoothed_level", "smoothed", f"Level {how}.", "loss")
    relative = _at_each(
        "relative_gradient",
        "smoothed",
        f"Gradient {how}, over its level there: at that rate a whole budget would change the loss by the factor "
        "exp(x). A constant factor on all losses does not change it.",
        "per budget",
    )
    return gradients + levels + relative


def _score_features() -> tuple[FeatureDefinition, ...]:
    how = "of the development score smoothed by local linear regression, at {} % of the budget"
    return _at_each("score_level", "score", f"Level {how}.", "score (0 to 1)") + _at_each(
        "score_gradient", "score", f"Gradient {how}.", "score per budget"
    )


def _at_each(name: str, group: FeatureGroup, definition: str, unit: str) -> tuple[FeatureDefinition, ...]:
    """A feature at each of the paper's points, with its standard error."""
    return tuple(
        FeatureDefinition(f"{name}_{percent}", group, definition.format(percent), unit, _OURS, has_error=True)
        for percent in PERCENTS
    )


FEATURES: tuple[FeatureDefinition, ...] = (
    *_data_features(),
    *_curve_features(),
    *_smoothed_features(),
    *_score_features(),
)
BY_NAME: dict[str, FeatureDefinition] = {feature.name: feature for feature in FEATURES}


def feature_names(*groups: FeatureGroup) -> list[str]:
    """The names of the features of some groups, in the order of the table."""
    return [feature.name for feature in FEATURES if feature.group in groups]


PAPER_FEATURES = feature_names("data", "curve")
