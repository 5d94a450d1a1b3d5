from __future__ import annotations

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.extrapolation import extrapolation

KNOWN = pd.DataFrame({"a": [0.0, 5.0, 10.0], "b": [1.0, 1.5, 3.0]}, index=["x", "y", "z"])


def test_worked_by_hand():
    tasks = pd.DataFrame({"a": [25.0, 4.0, 11.0], "b": [2.0, 1.5, 5.0]}, index=["far", "near", "both"])
    found = extrapolation(tasks, KNOWN, ["a", "b"])
    assert found["outside"].tolist() == [1, 0, 2]
    assert found["furthest"].tolist() == [1.5, 0.0, 1.0]
    assert found["feature"].tolist() == ["a", "", "b"]
    assert found["nearest"].tolist() == ["z", "y", "z"]
    # In widths of the range, the known tasks lie at (0, ½), (½, ¾), (1, 1½): x and y are √(5/16 / 2) apart, each the
    # other's nearest; z lies √(13/16 / 2) from y. The median of the three is that of x and y.
    assert found.loc["near", "distance"] == pytest.approx((0.1**2 / 2) ** 0.5 / (5 / 32) ** 0.5)


def test_a_known_task_is_within_and_not_compared_with_itself():
    found = extrapolation(KNOWN, KNOWN, ["a", "b"])
    assert (found["furthest"] == 0).all()
    assert found["nearest"].tolist() == ["y", "x", "y"]
    assert found["distance"].tolist() == pytest.approx([1, 1, (13 / 5) ** 0.5])


def test_a_feature_that_all_known_tasks_share():
    same = KNOWN.assign(b=2.0)
    found = extrapolation(pd.DataFrame({"a": [5.0], "b": [4.0]}, index=["new"]), same, ["a", "b"])
    assert found.loc["new", "furthest"] == 2  # in its own unit, for there is no range
