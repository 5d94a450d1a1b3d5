from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.curve_features import raw_gradient
from hf_sluice.analysis.task_relations.definitions import PAPER_FEATURES
from hf_sluice.analysis.task_relations.published import read_published
from hf_sluice.analysis.task_relations.published_features import (
    C_OF_2017,
    logarithmic_fits,
    notebook_features,
    published_features,
)
from hf_sluice.analysis.task_relations.published_relations import published_relations
from hf_sluice.analysis.task_relations.relations import TaskRelations
from tests.analysis.task_relations.published_part import TASKS, write_published_part


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return read_published(write_published_part(tmp_path_factory.mktemp("published")))


def test_the_notebook_takes_shares_of_the_lines(published):
    features = notebook_features(published, c_of_2017=True)
    assert list(features.columns) == PAPER_FEATURES
    assert list(features.index) == list(TASKS)
    # Line 1000 of 10,000 of com; line 501 of the 5,010 of hyperlinks, ten of which belong to no run.
    assert features.loc["com", "gradient_10"] == raw_gradient(*published.logged("com"), 1000)
    assert features.loc["hyperlinks", "gradient_10"] == raw_gradient(*published.logged("hyperlinks"), 501)
    assert features["curve_c"].to_dict() == {task: C_OF_2017[task] for task in TASKS}
    assert notebook_features(published, c_of_2017=False)["curve_c"].to_dict() != features["curve_c"].to_dict()


def test_our_features_are_of_the_tasks_own_budget(published):
    features = published_features(published)
    curve = published.curve("com")
    assert features.loc["com", "gradient_10"] == pytest.approx(raw_gradient(curve.steps, curve.losses, 500), rel=1e-5)
    assert features.notna().all().all()
    for place, task in enumerate(TASKS):
        a = -0.2 * (place + 1)
        assert features.loc[task, "curve_a"] == pytest.approx(a, rel=0.02)
        slope = 50_000 * a * 0.05 / (0.05 * 15_000 + 1)
        assert features.loc[task, "smoothed_gradient_30"] == pytest.approx(slope, rel=0.05)


@pytest.mark.real_data
def test_versions_of_scipy_agree_on_the_curves_and_not_on_c(data_root):
    """a and d/c as SciPy 0.18.1 finds them, beside the c of which the curves say nothing."""
    fits = logarithmic_fits(read_published(data_root / "bingel2017"))
    a = [-0.86790, -0.41361, -0.10270, -0.20512, -0.54908, -0.19489, -0.18116, -0.38850, -0.65083, -1.01832]
    d_over_c = [24.8285, 2.7243, -9.9888, -5.9862, 109.107, -2.4853, -7.6886, 166.250, 233.082, 794.163]
    assert [fit.a for fit in fits.values()] == pytest.approx(a, rel=1e-3)
    assert [1 / fit.rate for fit in fits.values()] == pytest.approx(d_over_c, rel=2e-3)
    assert list(fits) == list(C_OF_2017)


@pytest.mark.real_data
def test_the_predictor_that_ships_is_that_of_the_published_curves(data_root):
    made, shipped = published_relations(read_published(data_root / "bingel2017")), TaskRelations.published()
    assert made.source == shipped.source
    assert made.predictor.columns == shipped.predictor.columns
    assert np.allclose(made.predictor.log_odds.coefficients, shipped.predictor.log_odds.coefficients, atol=1e-3)
    read = [name for name in shipped.features if name != "curve_c"]
    assert np.allclose(made.features[read], shipped.features[read], rtol=1e-2)
    assert np.allclose(made.gains["gain"], shipped.gains["gain"])
