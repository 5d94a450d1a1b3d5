import json

import numpy as np

from hf_sluice.models.task_values import task_values


def test_labels_have_their_names_and_numbers_six_digits():
    assert task_values({"name": "a", "labels": ["x", "y"]}, np.array([1, 0, 1])) == ["y", "x", "y"]
    numbers = task_values({"name": "b", "kind": "regression"}, np.array([1 / 3, -1234567.0, 1e-9], dtype=np.float32))
    assert json.dumps(numbers) == "[0.333333, -1234570.0, 1e-09]"
