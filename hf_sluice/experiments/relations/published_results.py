"""All that is recomputed from the published curves (Bingel & Søgaard 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.coefficients import coefficient_spread
from hf_sluice.analysis.task_relations.default_features import CURVE, DATA, DEFAULT_FEATURES
from hf_sluice.analysis.task_relations.definitions import PERCENTS
from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import SETTINGS_OF_2017, FitSettings
from hf_sluice.analysis.task_relations.published_features import logarithmic_fits, notebook_features
from hf_sluice.analysis.task_relations.published_relations import published_relations
from hf_sluice.analysis.task_relations.reproduction import notebook_pairs, random_features, reproduce, shifted_gradients
from hf_sluice.analysis.task_relations.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from hf_sluice.analysis.task_relations.logarithmic_fit import LogarithmicFit
    from hf_sluice.analysis.task_relations.published import Published
    from hf_sluice.analysis.task_relations.relations import TaskRelations
    from hf_sluice.analysis.task_relations.reproduction import Reproduction
    from hf_sluice.analysis.task_relations.validation import Validation

OF_2017, TODAY = "2017", "today"
_FULL, _FEW = (100, 20), (10, 5)  # draws to rank features by, and shufflings to look at each number of features first

FEATURE_SETS: dict[str, tuple[str, ...]] = {
    "the paper's data features that compare": DATA,
    "smoothed gradients": tuple(f"smoothed_gradient_{percent}" for percent in PERCENTS),
    "smoothed levels": tuple(f"smoothed_level_{percent}" for percent in PERCENTS),
    "relative gradients": CURVE,
    "development scores": tuple(f"score_{kind}_{percent}" for kind in ("level", "gradient") for percent in PERCENTS),
    "default": DEFAULT_FEATURES,
    "default, up to 30 %": (*DATA, *CURVE[:3]),
}
"""Features of this package's own, by what a report calls them."""


@dataclass(frozen=True, eq=False)
class Crossed:
    """The predictor of all 42 features with one thing as in 2017 and another as today."""

    validation: Validation
    coefficient_of_c: float


@dataclass(frozen=True, eq=False)
class PublishedResults:
    """What the report shows.

    Args:
        published: what was published.
        tables: Tables 3 and 4 under the setting of 2017 and that of today.
        crossed: by whose ``curve_c`` and by whose regression.
        fits: the logarithmic fits that the installed version of SciPy finds.
        shifted: the predictor where gradients are taken some lines away.
        drawn: the predictor with random numbers in the place of features.
        features: the paper's 14 of each task, as the notebook computes them.
        feature_sets: validations with features of this package's own.
        names: validation of nothing but which task is the main and which the auxiliary one.
        relations: those that ship with the package, as computed now.
    """

    published: Published
    tables: dict[str, Reproduction]
    crossed: dict[tuple[str, str], Crossed]
    fits: dict[str, LogarithmicFit]
    shifted: pd.DataFrame
    drawn: pd.DataFrame
    features: pd.DataFrame
    feature_sets: dict[str, Validation]
    names: Validation
    relations: TaskRelations


def published_results(published: Published, tell: Callable[[str], None]) -> PublishedResults:
    """Computes all of it, in a minute or two.

    Args:
        published: what was published.
        tell: is told what is done next.
    """
    pairs = {
        OF_2017: notebook_pairs(published, c_of_2017=True),
        TODAY: notebook_pairs(published, c_of_2017=False),
    }
    settings = {OF_2017: SETTINGS_OF_2017, TODAY: FitSettings()}
    tables = {}
    for when, (draws, first_look) in ((OF_2017, _FULL), (TODAY, _FEW)):
        tell(f"Tables 3 and 4 with the settings of {when} …")
        tables[when] = reproduce(pairs[when], settings[when], draws, first_look)
    tell("Why they differ …")
    crossed = dict(_crossed(pairs, settings, tables))
    shifted = shifted_gradients(published, SETTINGS_OF_2017)
    drawn = random_features(published, SETTINGS_OF_2017)
    tell("Robust features …")
    relations = published_relations(published)
    feature_sets = {
        name: validate(KnownPairs.of(relations.features, relations.gains, names)[0])
        for name, names in FEATURE_SETS.items()
    }
    return PublishedResults(
        published=published,
        tables=tables,
        crossed=crossed,
        fits=logarithmic_fits(published),
        shifted=shifted,
        drawn=drawn,
        features=notebook_features(published, c_of_2017=True),
        feature_sets=feature_sets,
        names=validate(pairs[TODAY].names_alone(), in_full=False),
        relations=relations,
    )


def _crossed(
    pairs: dict[str, KnownPairs], settings: dict[str, FitSettings], tables: dict[str, Reproduction]
) -> Iterator[tuple[tuple[str, str], Crossed]]:
    for whose_c, of in pairs.items():
        for whose_regression, how in settings.items():
            done = tables[whose_c] if whose_c == whose_regression else None
            validation = done.everything if done else validate(of, how, in_full=False)
            spread = done.coefficients if done else coefficient_spread(of, how)
            coefficient = float(spread["coefficient"].loc["main curve_c"])
            yield (whose_c, whose_regression), Crossed(validation, coefficient)
