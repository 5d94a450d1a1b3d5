import json

import numpy as np
import pytest

from hf_sluice.models.readable_json import readable_json


def as_float32(values):
    return np.asarray(values, dtype=np.float64).astype(np.float32)


def test_numbers_come_back_bit_for_bit():
    generator = np.random.default_rng(0)
    bits = generator.integers(0, 2**32, 200_000, dtype=np.uint32)
    edges = np.array([0, 2**31, 1, 2**31 + 1, 0x7F7FFFFF, 0x00800000, 0x007FFFFF], dtype=np.uint32)
    values = np.concatenate([bits, edges]).view(np.float32)
    values = values[np.isfinite(values)]
    back = as_float32(json.loads(readable_json({"a": values}))["a"])
    assert np.array_equal(back.view(np.uint32), values.view(np.uint32))


def test_a_matrix_stands_row_by_row_in_columns():
    values = {"alpha": as_float32([[[0.95, -0.05], [1, 1e-8]]]), "beta": {"ä": as_float32([0.1, -1])}}
    assert readable_json(values) == (
        '{\n "alpha": [\n  [\n   [ 0.95, -0.05],\n   [ 1.0,   1e-08]\n  ]\n ],\n "beta": {\n  "ä": [ 0.1, -1.0]\n }\n}'
    )


@pytest.mark.parametrize(
    "value", [{}, [], {"a": {}, "b": []}, {"a": ["x", 1, None, True]}, {"a": [["x", 1], ["y", 2]]}, {"a": [{"b": [1]}]}]
)
def test_plain_values_come_back(value):
    assert json.loads(readable_json(value)) == value


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        readable_json({"a": float("nan")})
