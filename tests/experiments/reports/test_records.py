from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.records import read_records
from tests.experiments.reports.small_masks import NOT_SLUICE, masks_of, search_of
from tests.experiments.reports.small_results import domains_experiment, runs_of


def without(run, *names):
    return {name: value for name, value in run.items() if name not in names}


def test_a_run_of_sparse_sharing_needs_no_alpha():
    masks, search = masks_of({"chunk": 0.5, "pos": 0.8}), search_of(lambda _task, _round: 0.5, {"chunk": 2, "pos": 1})
    run = runs_of(domains_experiment(), masks=masks, search=search, counted_parameters=500)[0]

    for left_out in (run | NOT_SLUICE, without(run, *NOT_SLUICE)):
        (record,) = read_records([left_out])
        assert record.masks.sparsity == {"chunk": 0.5, "pos": 0.8}
        assert record.masks.pairs == [("chunk", "pos", 0.4)]
        assert record.search.chosen_round == {"chunk": 2, "pos": 1}
        with pytest.raises(
            UserError, match=r"run \w+ \(single task, email, seed 1\) has no α and β: no sluice network"
        ):
            _ = record.sharing


def test_a_run_of_a_sluice_network_needs_no_masks():
    run = runs_of(domains_experiment(), masks=None, search=None)[0]

    for left_out in (run, without(run, "masks", "search", "counted_parameters")):
        (record,) = read_records([left_out])
        assert record.sharing.alpha.shape == (2, 4, 4)
        assert (record.masks, record.search, record.counted_parameters) == (None, None, None)
