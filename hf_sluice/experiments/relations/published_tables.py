"""The tables of the report on the published curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hf_sluice.analysis.correlation import rank_correlation
from hf_sluice.analysis.task_relations.published_features import C_OF_2017
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.experiments.relations.published_results import OF_2017, TODAY

if TYPE_CHECKING:
    from hf_sluice.experiments.relations.published_results import PublishedResults

LARGEST = 12
_ROWS = ("Majority baseline", "All features", "Best, data features only", "Best combination")


def table3(results: PublishedResults) -> pd.DataFrame:
    """Table 3: index ``features``; per setting and score a column, the published ones first."""
    published = results.published.table3.set_index("features")
    table = pd.DataFrame(
        {
            "published accuracy": published["accuracy"].loc[list(_ROWS)],
            "published F1": published["f1_gain"].loc[list(_ROWS)],
        }
    )
    for when, of in results.tables.items():
        majority = of.everything.random_pairs.majority
        losses = (results.published.gains["verdict"] == "loss").mean()
        tried = [of.everything, of.best_data.validation, of.best.validation]
        table[f"{when} accuracy"] = [losses, *(found.random_pairs.accuracy for found in tried)]
        table[f"{when} F1"] = [majority.f1, *(found.random_pairs.f1 for found in tried)]
        new = of.everything.new_task.majority
        table[f"{when} accuracy, new task"] = [new.accuracy, *(found.new_task.accuracy for found in tried)]
        table[f"{when} F1, new task"] = [new.f1, *(found.new_task.f1 for found in tried)]
    return table


def table3_text(results: PublishedResults) -> TextTable:
    """Table 3 as text, accuracy and F1 in one cell."""
    table = table3(results)
    columns = ["published", *(f"{when}{held_out}" for when in results.tables for held_out in ("", ", new task"))]
    rows = [(str(name), *(_both(row, column) for column in columns)) for name, row in table.iterrows()]
    rows.append(("Names of the tasks alone", "-", *_names(results)))
    for name, of in (("All data features", "data"), ("Elimination among those fitted on", "chosen_inside")):
        found = [getattr(table, of) for table in results.tables.values()]
        cells = [
            f"{scores.accuracy:.3f} / {scores.f1:.3f}" for one in found for scores in (one.random_pairs, one.new_task)
        ]
        rows.append((name, "0.527 (F1; notebook)" if of == "data" else "-", *cells))
    return TextTable("Accuracy / F1 of gains", ("features", *columns), tuple(rows), num_names=1)


def _names(results: PublishedResults) -> list[str]:
    found = [table.everything for table in results.tables.values()]
    baselines = [scores.names for one in found for scores in (one.random_pairs, one.new_task)]
    return [f"{names.accuracy:.3f} / {names.f1:.3f}" if names else "-" for names in baselines]


def largest_difference(results: PublishedResults) -> float:
    """Between the published Table 3 and that under the setting of 2017."""
    table = table3(results)
    pairs = [(table[f"published {score}"], table[f"{OF_2017} {score}"]) for score in ("accuracy", "F1")]
    return float(max((one - other).abs().max() for one, other in pairs))


def table4(results: PublishedResults) -> pd.DataFrame:
    """Table 4: index ``feature`` in the paper's order; published coefficients, and mean and spread per setting."""
    published = results.published.coefficients
    table = pd.DataFrame({"published": published}).rename_axis("feature")
    for when, of in results.tables.items():
        spread = of.coefficients.loc[published.index]
        table[when] = spread["coefficient"]
        table[f"{when} spread"] = spread["spread"]
        table[f"{when} same sign"] = spread["same_sign"]
    return table


def table4_text(results: PublishedResults) -> TextTable:
    """The twelve largest coefficients of the paper."""
    rows = tuple(
        (
            str(name).replace("_", " "),
            f"{row['published']:+.3f}",
            *(cell for when in results.tables for cell in _coefficient(row, when)),
        )
        for name, row in table4(results).head(LARGEST).iterrows()
    )
    columns = ["feature", "published", *(cell for when in results.tables for cell in (when, "sign"))]
    return TextTable(f"The paper's {LARGEST} largest coefficients", tuple(columns), rows, num_names=1)


def agreement_text(results: PublishedResults) -> TextTable:
    """Rank correlations with the published coefficients, and how many of the twelve largest have their sign."""
    table = table4(results)
    rows = []
    for when in results.tables:
        few = table.head(LARGEST)
        signs = int((np.sign(few["published"]) == np.sign(few[when])).sum())
        cells = [rank_correlation(part["published"], part[when]) for part in (few, table)]
        rows.append((when, f"{signs} of {LARGEST}", *(f"{cell.rho:.3f}" if cell else "-" for cell in cells)))
    columns = ("setting", "signs of the largest", f"rank correlation, {LARGEST} largest", f"all {len(table)}")
    return TextTable("Agreement with the published coefficients", columns, tuple(rows), num_names=1)


def crossed_text(results: PublishedResults) -> TextTable:
    """What comes of c, and what of the regression."""
    rows = tuple(
        (
            _C[whose_c],
            _REGRESSION[whose_regression],
            f"{found.validation.random_pairs.accuracy:.3f}",
            f"{found.validation.random_pairs.f1:.3f}",
            f"{found.coefficient_of_c:+.3f}",
        )
        for (whose_c, whose_regression), found in results.crossed.items()
    )
    last = ("published", "", "0.749", "0.669", f"{results.published.coefficients['main curve_c']:+.3f}")
    columns = ("curve_c", "regression", "accuracy", "F1", "coefficient of main curve c")
    return TextTable("All 42 features", columns, (*rows, last), num_names=2)


_C = {OF_2017: "of SciPy 0.18.1", TODAY: "of the installed SciPy"}
_REGRESSION = {OF_2017: "of 2017 (intercept penalised)", TODAY: "of today"}


def fits_text(results: PublishedResults) -> TextTable:
    """What the curves determine of their logarithmic fits, and what not."""
    rows = tuple(
        (task, f"{fit.a:.4f}", f"{1 / fit.rate:.1f}", f"{C_OF_2017[task]:.4g}", f"{fit.c:.4g}")
        for task, fit in results.fits.items()
    )
    columns = ("task", "a", "d/c", "c, SciPy 0.18.1", "c, installed")
    return TextTable("Logarithmic fits", columns, rows, num_names=1)


def gradients_text(results: PublishedResults) -> TextTable:
    """The notebook's gradient at 30 % beside that of the smoothed curve."""
    smoothed = results.relations.features
    rows = []
    for task in results.features.index:
        budget = results.published.curve(str(task)).budget
        gradient, error = (
            1e6 * float(smoothed["smoothed_gradient_30" + end].loc[task]) / budget for end in ("", "_error")
        )
        raw = 1e6 * float(results.features["gradient_30"].loc[task])
        rows.append((str(task), f"{raw:+.1f}", f"{gradient:+.2f} ± {error:.2f}"))
    columns = ("task", "difference of raw losses", "smoothed curve ± standard error")
    return TextTable("Gradient of the loss at 30 %, in 10⁻⁶ per batch", columns, tuple(rows), num_names=1)


def _both(row: pd.Series, column: str) -> str:
    name, _, held_out = column.partition(", ")
    end = f", {held_out}" if held_out else ""
    return f"{row[f'{name} accuracy{end}']:.3f} / {row[f'{name} F1{end}']:.3f}"


def _coefficient(row: pd.Series, when: str) -> tuple[str, str]:
    same = np.sign(row["published"]) == np.sign(row[when])
    return f"{row[when]:+.3f} ± {row[f'{when} spread']:.3f}", "same" if same else "other"
