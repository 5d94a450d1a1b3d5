from __future__ import annotations

import json

from hf_sluice.analysis.subnet_summary import SubnetSummary
from hf_sluice.models.mask_measures import counted_parameters
from hf_sluice.training.learned_sharing import mask_values
from tests.analysis.small_subnets import ROUNDS, small_search


def titles(summary):
    return [table.title.split(":")[0] for table in summary.tables()]


def test_what_is_known_is_shown():
    model, search = small_search(2)
    alone = ["Subnets", "Sparsity per gate", "Overlap ratios", "Parameters without embeddings and output layers"]
    searched = ["Candidates for task0", "Candidates for task1", "Overlap ratios, round by round"]

    assert titles(SubnetSummary(model)) == alone
    assert titles(SubnetSummary(model, search)) == alone + searched


def test_a_single_task_overlaps_with_nothing():
    model, search = small_search(1)
    summary = SubnetSummary(model, search)

    assert not [title for title in titles(summary) if "verlap" in title]
    assert summary.to_dict()["overlap_by_round"] == []


def test_plain_values_hold_everything():
    model, search = small_search(3)
    values = json.loads(json.dumps(SubnetSummary(model, search).to_dict()))

    assert values["masks"] == json.loads(json.dumps(mask_values(model.masks)))
    assert values["parameter_counts"]["sparse_sharing"] == counted_parameters(model)
    assert values["search"]["chosen_round"] == dict.fromkeys(model.config.task_names, 2)
    assert [len(found) for found in values["search"]["candidates"].values()] == [rounds + 1 for rounds in ROUNDS[:3]]
    assert values["overlap_by_round"][2]["overlap"] == values["masks"]["overlap"]
    assert values["overlap_by_round"][2]["pairs"] == values["masks"]["pairs"]
    assert set(SubnetSummary(model).to_dict()) == {"masks", "parameter_counts"}
