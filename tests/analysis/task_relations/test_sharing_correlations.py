from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.pair_features import all_pairs
from hf_sluice.analysis.task_relations.sharing_correlations import correlate_sharing
from hf_sluice.errors import UserError
from hf_sluice.evaluation.significance import correct_p_values

TASKS = list("abcdef")
RANDOM = np.random.default_rng(0)
FEATURES = pd.DataFrame(
    {"size": [3.0, 1.0, 4.0, 1.5, 9.0, 2.6], "zero": [0.0, 1, 2, 3, 4, 5], "same": [1.0] * 6}, index=TASKS
)


def sharing_of(tasks=TASKS, **outcomes):
    """A table of pairs whose outcomes are functions of main and auxiliary task."""
    pairs = all_pairs(tasks)
    index = pd.MultiIndex.from_tuples(pairs, names=["main", "auxiliary"])
    return pd.DataFrame({name: [of(*pair) for pair in pairs] for name, of in outcomes.items()}, index=index)


def size(task):
    return FEATURES.loc[task, "size"]


ALPHA = sharing_of(alpha=lambda _main, auxiliary: -size(auxiliary), beta=lambda main, _auxiliary: size(main) ** 2)
OVERLAP = sharing_of(overlap=lambda one, other: -abs(size(one) - size(other)))


def rhos(correlations):
    return {(row.outcome, row.feature): row.rho for row in correlations.frame().itertuples()}


def test_features_of_both_tasks_and_their_ratio_are_held_against_what_has_a_direction():
    found = rhos(correlate_sharing(FEATURES[["size"]], ALPHA))

    assert {feature for _, feature in found} == {"main size", "auxiliary size", "main/auxiliary size"}
    assert found["alpha", "auxiliary size"] == pytest.approx(-1)
    assert found["beta", "main size"] == pytest.approx(1)
    ratios = pd.Series([size(main) / size(auxiliary) for main, auxiliary in ALPHA.index])
    expected = ratios.rank().corr(ALPHA["alpha"].reset_index(drop=True).rank())
    assert found["alpha", "main/auxiliary size"] == pytest.approx(expected)


def test_mean_and_difference_are_held_against_what_has_none():
    correlations = correlate_sharing(FEATURES[["size"]], OVERLAP)

    assert set(rhos(correlations)) == {("overlap", "mean of both size"), ("overlap", "difference of size")}
    assert rhos(correlations)["overlap", "difference of size"] == pytest.approx(-1)
    sums = sharing_of(overlap=lambda one, other: size(one) + size(other))
    assert rhos(correlate_sharing(FEATURES[["size"]], sums))["overlap", "mean of both size"] == pytest.approx(1)
    assert set(correlations.frame()["observations"]) == {15}  # both directions are one observation


def test_what_does_not_vary_and_ratios_to_zero_are_left_out():
    found = rhos(correlate_sharing(FEATURES, ALPHA.assign(constant=1.0)))

    assert not {pair for pair in found if pair[1].endswith("same") or pair[0] == "constant"}
    assert {feature for _, feature in found if feature.endswith("zero")} == {"main zero", "auxiliary zero"}


def test_pairs_that_lack_a_feature_or_an_outcome_do_not_count():
    features = FEATURES[["size"]].copy()
    features.loc["f"] = np.nan
    alpha = ALPHA.copy()
    alpha.loc[[("a", "b"), ("b", "a")], "beta"] = np.nan
    found = correlate_sharing(features, alpha).frame().set_index("outcome")

    assert set(found.loc["alpha", "observations"]) == {20}
    assert set(found.loc["beta", "observations"]) == {18}
    without = correlate_sharing(FEATURES.loc[TASKS[:5], ["size"]], sharing_of(TASKS[:5], alpha=lambda _, x: -size(x)))
    expected = without.frame().set_index("outcome")
    columns = ["feature", "rho", "p_value"]
    pd.testing.assert_frame_equal(found.loc["alpha", columns], expected[columns])


def test_p_values_are_corrected_over_all_tests():
    both = ALPHA.join(OVERLAP).assign(noise=RANDOM.normal(size=30))
    found = correlate_sharing(FEATURES, both).frame()

    assert len(found) == 19  # 3 outcomes with size (3 features) and zero (2), overlap with size (2) and zero (2)
    assert found["corrected"].tolist() == pytest.approx(correct_p_values(found["p_value"].tolist()))


def test_the_order_of_pairs_and_of_tasks_does_not_matter():
    features = FEATURES.sample(frac=1, random_state=1)
    shuffled = ALPHA.sample(frac=1, random_state=2)
    one, other = (correlate_sharing(*tables).frame() for tables in ((FEATURES, ALPHA), (features, shuffled)))

    pd.testing.assert_frame_equal(one, other)


def test_tables_show_what_was_tested():
    correlations = correlate_sharing(FEATURES[["size"]], ALPHA.join(OVERLAP))
    table = correlations.table()

    assert table.columns == ("", "alpha", "beta", "overlap")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["auxiliary size"][0] == "-1.00*"
    assert rows["auxiliary size"][2] == "- "
    assert rows["difference of size"] == ("- ", "- ", "-1.00*")
    assert rows["pairs"] == ("30 ", "30 ", "15 ")
    assert correlations.summary().startswith("Observations: 30. Tests: 8, ")
    names = {row[:2] for row in correlations.strongest().rows}
    assert names == {(test.outcome, test.characteristic) for test in correlations.tests}


def test_where_nothing_can_be_tested_the_tables_say_so():
    few = correlate_sharing(FEATURES, sharing_of(TASKS[:3], alpha=lambda main, _: size(main)))

    assert few.frame().empty
    assert few.table().rows == (("pairs",),)
    assert few.summary().startswith("Observations: 6. Tests: 0, ")


def test_features_of_none_of_the_tasks_are_told():
    with pytest.raises(UserError, match=r"^there are no features of a, b, c, d, e, f; there are those of x, y$"):
        correlate_sharing(pd.DataFrame({"size": [1.0, 2.0]}, index=["x", "y"]), ALPHA)
    with pytest.raises(UserError, match=r"^task 'a' has features twice$"):
        correlate_sharing(pd.concat([FEATURES, FEATURES[:1]]), ALPHA)


def test_pairs_may_be_few_of_many():
    chosen = [pair for pair in itertools.permutations(TASKS, 2) if pair[0] < "d"]
    found = correlate_sharing(FEATURES[["size"]], ALPHA.loc[chosen]).frame()

    assert set(found["observations"]) == {15}
