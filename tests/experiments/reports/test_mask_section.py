from __future__ import annotations

import pytest

from hf_sluice.experiments.reports.document import Document
from hf_sluice.experiments.reports.mask_section import add_masks
from hf_sluice.experiments.reports.records import read_records
from tests.experiments.reports.small_masks import NOT_SLUICE, masks_of, search_of
from tests.experiments.reports.small_results import experiment_of, runs_of, table_below, tables_of

TASKS = ["pos", "ner", "chunk"]
ROWS = ("hard sharing", "sparse sharing", "subnets")


def masks(point):
    noise = (point.recipe.seed - 2) / 100
    if point.values["system"] == "sparse sharing":
        pairs = {("pos", "ner"): 0.2 + noise, ("pos", "chunk"): 0.5, ("ner", "chunk"): 0.1}
        return masks_of({"pos": 0.5 + noise, "ner": 0.6, "chunk": 0.4}, pairs)
    return masks_of({TASKS[point.recipe.seed - 1]: 0.3}) if point.values["system"] == "subnets" else None


def search(point):
    found = masks(point)
    return found and search_of(lambda *_: 0.5, dict.fromkeys(found["sparsity"], point.recipe.seed + 3))


def text_and_means(rows=ROWS):
    experiment = experiment_of(None, {"system": ROWS})
    records = read_records(runs_of(experiment, masks=masks, search=search, **NOT_SLUICE))
    document = Document("Made up")
    of_rows = {row: [record for record in records if record.point["system"] == row] for row in rows}
    means = add_masks(document, of_rows, TASKS, experiment.seeds)
    return document.markdown(), means


def test_sparsities_and_the_rounds_of_each_seed_are_shown():
    heads, *rows = table_below(text_and_means()[0], "Sparsity:")

    assert heads == ["", "pos", "pos: rounds", "ner", "ner: rounds", "chunk", "chunk: rounds"]
    assert rows[0] == [
        "sparse sharing",
        "50.00 ± 1.00",
        "4, 5, 6",
        "60.00 ± 0.00",
        "4, 5, 6",
        "40.00 ± 0.00",
        "4, 5, 6",
    ]


def test_a_row_of_several_subnets_has_each_tasks_own_and_no_overlap():
    text = text_and_means()[0]

    subnets = table_below(text, "Sparsity:")[2]
    assert subnets[:3] == ["subnets", "30.00 (1 of 3 seeds)", "4"]
    assert [row[0] for row in table_below(text, "Overlap ratio:")[1:]] == ["sparse sharing"]


def test_overlaps_of_pairs_and_of_all_tasks_are_shown():
    heads, row = table_below(text_and_means()[0], "Overlap ratio:")

    assert heads == ["", "pos & ner", "pos & chunk", "ner & chunk", "all"]
    assert row[1:] == ["0.200 ± 0.010", "0.500 ± 0.000", "0.100 ± 0.000", "0.100 ± 0.000"]


def test_means_are_given_back_by_table_column_and_row():
    means = text_and_means()[1]

    assert means["Sparsity"]["pos"] == pytest.approx({"sparse sharing": 50.0, "subnets": 30.0})
    assert means["Overlap ratio"]["pos & ner"] == pytest.approx({"sparse sharing": 0.2})


def test_runs_without_masks_have_no_section():
    text, means = text_and_means(rows=["hard sharing"])

    assert tables_of(text) == []
    assert "##" not in text
    assert means == {"Sparsity": {}, "Overlap ratio": {}}
