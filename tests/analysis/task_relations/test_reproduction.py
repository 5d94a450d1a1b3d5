from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from hf_sluice.analysis.task_relations.coefficients import coefficient_spread
from hf_sluice.analysis.task_relations.definitions import feature_names
from hf_sluice.analysis.task_relations.logistic import SETTINGS_OF_2017, FitSettings
from hf_sluice.analysis.task_relations.pair_features import pair_columns
from hf_sluice.analysis.task_relations.published import read_published
from hf_sluice.analysis.task_relations.reproduction import notebook_order, notebook_pairs
from hf_sluice.analysis.task_relations.validation import validate


@pytest.fixture(scope="module")
def published(data_root):
    return read_published(data_root / "bingel2017")


def test_the_notebook_leaves_out_data_features_backwards_by_their_names():
    order = notebook_order()
    assert sorted(order) == sorted(pair_columns(feature_names("data")))
    assert order[:3] == ["main tokens_per_type", "main oov_rate", "main labels"]
    assert order[-1] == "auxiliary frobenius_norm"


@pytest.mark.real_data
def test_table_3_comes_out_with_the_settings_of_2017(published):
    pairs = notebook_pairs(published, c_of_2017=True)
    assert len(pairs.columns) == 42
    everything = validate(pairs, SETTINGS_OF_2017, runs=20, in_full=False).random_pairs
    assert (everything.accuracy, everything.f1) == (pytest.approx(0.749, abs=0.02), pytest.approx(0.669, abs=0.02))
    assert everything.majority.f1 == pytest.approx(0.615, abs=0.001)
    data = pairs.with_columns(notebook_order()[2:])
    best = validate(data, SETTINGS_OF_2017, runs=20, in_full=False).random_pairs
    assert (best.accuracy, best.f1) == (pytest.approx(0.665, abs=0.03), pytest.approx(0.542, abs=0.03))


@pytest.mark.real_data
def test_table_4_comes_out_with_the_settings_of_2017(published):
    found = coefficient_spread(notebook_pairs(published, c_of_2017=True), SETTINGS_OF_2017)["coefficient"]
    typed = published.coefficients
    assert np.abs(found.loc[typed.index] - typed).max() < 0.1
    assert (np.sign(found.loc[typed.index[:12]]) == np.sign(typed.iloc[:12])).all()
    assert spearmanr(found.loc[typed.index], typed).statistic > 0.98


@pytest.mark.real_data
def test_the_other_signs_of_table_4_do_not_depend_on_the_settings_nor_on_c(published):
    found = coefficient_spread(notebook_pairs(published, c_of_2017=False), FitSettings())["coefficient"]
    largest = published.coefficients.iloc[:12].drop("main curve_c")
    assert (np.sign(found.loc[largest.index]) == np.sign(largest)).all()
