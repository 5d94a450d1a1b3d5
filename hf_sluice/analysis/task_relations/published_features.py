"""Features of the ten published tasks: as the authors' notebook computes them, and as this package does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.curve_features import curve_features, raw_gradient
from hf_sluice.analysis.task_relations.definitions import PAPER_FEATURES, PERCENTS
from hf_sluice.analysis.task_relations.logarithmic_fit import LogarithmicFit, fit_logarithm
from hf_sluice.analysis.task_relations.smoothed_curve import score_features, smoothed_features

if TYPE_CHECKING:
    import pandas as pd

    from hf_sluice.analysis.task_relations.published import Published

_FITTED_LINES = 5000
_DIGITS = 6  # significant; those of the file that the tables are kept in

C_OF_2017 = {
    "ccg": 1.91023475,
    "chunking": 1.52624256,
    "com": 1.56539333,
    "fnt": 0.38451116,
    "gpos": 0.19598228,
    "hyperlinks": 0.07145853,
    "keysem17": 1.16096204,
    "mwe": 21.8314857,
    "semcor": 0.16744283,
    "streusle": 0.64138574,
}
"""c of the logarithmic fit as SciPy 0.18.1 with NumPy 1.12.1 (Python 3.6) finds it from these curves.

Computed with ``scipy.optimize.curve_fit`` on every tenth of the first 5,000 lines, from 1 for all four parameters in
the notebook's order (b, a, c, d). Other versions, and other orders, find the same function and another c. See
:class:`~.logarithmic_fit.LogarithmicFit`.
"""


def logarithmic_fits(published: Published) -> dict[str, LogarithmicFit]:
    """The fit of each task's losses that the installed version of SciPy finds."""
    fits = {}
    for task in published.tasks:
        steps, losses = published.logged(task)
        fits[task] = fit_logarithm(steps[:_FITTED_LINES], losses[:_FITTED_LINES])
    return fits


def notebook_features(published: Published, *, c_of_2017: bool) -> pd.DataFrame:
    """The paper's 14 features, of the logs line by line as the notebook reads them.

    Gradients are taken at shares of the lines, of which ``com`` has twice as many as others and ``hyperlinks`` ten of a
    run given up. The data features are those that Table 1 prints, to its digits.

    Args:
        published: what was published.
        c_of_2017: whether ``curve_c`` is that of SciPy 0.18.1 or of the installed version.

    Returns:
        Index ``task``, a column per feature.
    """
    table = published.data_features.loc[published.tasks].astype(float)
    fits = logarithmic_fits(published)
    for percent in PERCENTS:
        values = []
        for task in published.tasks:
            steps, losses = published.logged(task)
            values.append(raw_gradient(steps, losses, int(len(steps) * (percent / 100))))
        table[f"gradient_{percent}"] = values
    table["curve_a"] = [fits[task].a for task in published.tasks]
    table["curve_c"] = [C_OF_2017[task] if c_of_2017 else fits[task].c for task in published.tasks]
    return table[PAPER_FEATURES]


def published_features(published: Published) -> pd.DataFrame:
    """All features of this package's definitions, of curves up to iteration 50,000; data features as Table 1 has them.

    Rounded to 6 digits, as they are kept.
    """
    import pandas as pd

    rows = {}
    for task in published.tasks:
        curve = published.curve(task)
        values = {
            **published.data_features.loc[task].to_dict(),
            **curve_features(curve).values,
            **smoothed_features(curve).values,
            **score_features(published.score_curve(task)).values,
        }
        rows[task] = {name: None if value is None else float(f"{value:.{_DIGITS}g}") for name, value in values.items()}
    return pd.DataFrame.from_dict(rows, orient="index").astype(float).rename_axis("task")
