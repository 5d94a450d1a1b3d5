from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import MinMaxScaler

from hf_sluice.analysis.task_relations.scaling import Scaling


@given(arrays(np.float64, (6, 3), elements=st.floats(-1e6, 1e6, width=32)))
def test_what_it_is_made_of_is_scaled_as_by_scikit_learn(values):
    scaled = Scaling.of(values).apply(values)
    assert ((scaled >= 0) & (scaled <= 1)).all()
    width = np.ptp(values, axis=0)
    usual = (width == 0) | (width > 1e-3)  # where the width is tiny, scikit-learn takes it for 0
    assert np.allclose(scaled[:, usual], np.clip(MinMaxScaler().fit_transform(values), 0, 1)[:, usual], atol=1e-6)


def test_values_beyond_what_was_seen_count_as_the_last_that_was():
    scaling = Scaling.of(np.array([[0.0, 5.0], [10.0, 5.0]]))
    assert scaling.apply(np.array([[-3.0, 5.0], [5.0, 7.0], [99.0, 0.0]])).tolist() == [[0, 0], [0.5, 0], [1, 0]]
