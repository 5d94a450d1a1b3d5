from __future__ import annotations

import pandas as pd
import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.shares_by_run import shares_by_run
from tests.experiments.reports.small_results import SYSTEMS, experiment_of, results_of


def results(**changes):
    def score(values, _seed, task, domain):
        if (values["system"], task) == ("sluice", "pos"):
            return None
        return 0.25 if domain == "all" else 0.9

    return results_of(experiment_of(None, {"system": SYSTEMS}, seeds=[1]), score).assign(**changes)


def test_scores_are_those_over_all_test_sentences_in_per_cent():
    table = shares_by_run(results(), ["chunk", "pos"])

    assert table["chunk"].tolist() == [25.0, 25.0, 25.0]
    assert table["pos"].dropna().tolist() == [25.0, 25.0]


def test_a_run_of_several_points_has_one_row():
    one = results()
    again = pd.concat([one, one.assign(system="the same")])

    assert shares_by_run(again, ["chunk", "pos"]).equals(shares_by_run(one, ["chunk", "pos"]))


def test_scores_that_are_no_shares_and_tasks_without_scores_are_refused():
    with pytest.raises(UserError, match="Spearman's ρ of task 'pos' cannot be averaged with other tasks' scores"):
        shares_by_run(results(metric="spearman"), ["pos"])
    with pytest.raises(
        UserError, match="no test scores of task 'ner' over all sentences; there are those of chunk, pos"
    ):
        shares_by_run(results(), ["ner"])
