from __future__ import annotations

from hf_sluice.analysis.task_relations.affinity_table import affinity_table
from tests.analysis.task_relations.small_affinity import AFFINITY, TASKS


def test_rows_are_main_tasks_and_columns_auxiliary_ones():
    table = affinity_table(AFFINITY, TASKS)

    assert table.columns == ("main", "pos", "named_e", "ner")
    assert table.rows == (
        ("pos", "+25.00 ", "+4.00 ", "−2.10 "),
        ("named_entities", "+1.00?", "+30.00?", "- "),
        ("ner", "−0.11?", "- ", "+10.00 "),
    )
    assert table.title.startswith("Affinity in 10⁻³: ")


def test_tasks_stand_in_the_order_given():
    assert [row[0] for row in affinity_table(AFFINITY, TASKS[::-1]).rows] == TASKS[::-1]
