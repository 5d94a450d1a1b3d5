from __future__ import annotations

import pandas as pd

from hf_sluice.experiments.reports.blocks import Block
from hf_sluice.experiments.reports.delta_table import delta_table
from hf_sluice.tasks import TaskMetric

SCORES = {
    ("base", "pos"): [0.50, 0.60, 0.70],
    ("base", "ner"): [0.30, 0.30, 0.30],
    ("other", "pos"): [0.51, 0.63, 0.75],
    ("other", "ner"): [0.20, 0.20, None],
}


def block_of(**kinds):
    rows = [
        {"row": row, "seed": seed, "source": "", "domain": "all", "column": column, "score": score}
        for (row, column), scores in SCORES.items()
        for seed, score in enumerate(scores)
    ]
    metrics = {"pos": TaskMetric.ACCURACY, "ner": TaskMetric.SPAN_F1} | kinds
    return Block(
        "", pd.DataFrame(rows).astype({"score": float}), ("base", "other"), metrics, averaged=True, by_column=True
    )


def test_differences_are_taken_seed_by_seed():
    table = delta_table(block_of(), "base", {})

    assert table.columns == ("", "pos", "ner", "average")
    # pos 0.01, 0.03, 0.05; ner −0.1 twice; the average exists for the seeds that have both: −0.045, −0.035
    assert table.rows == (("other", "+3.00 ± 2.00", "-10.00 ± 0.00 (2 of 3 seeds)", "-4.00 ± 0.71 (2 of 3 seeds)"),)


def test_published_differences_stand_beside_where_the_base_was_published():
    published = {"base": {"pos": 95.09, "parameters": 1602}, "other": {"pos": 95.56, "ner": 90.0}}
    table = delta_table(block_of(), "base", published)

    assert dict(zip(table.columns, table.rows[0], strict=True))["pos: published"] == "+0.47"
    assert "ner: published" not in table.columns


def test_what_is_no_share_is_not_in_per_cent():
    table = delta_table(block_of(pos=TaskMetric.SPEARMAN), "base", {})

    assert table.rows[0][1] == "+0.0300 ± 0.0200"
