from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.table_file import numbers, read_table
from hf_sluice.errors import DataError


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet"])
def test_a_table_is_read_back(tmp_path, form):
    table = pd.DataFrame({"task": ["nan", "pos"], "labels": [2.0, np.nan]})
    path = tmp_path / f"table.{form}"
    if form == "parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, sep={"csv": ",", "tsv": "\t"}[form], index=False)
    found = read_table(path, ["task"])
    assert found["task"].tolist() == ["nan", "pos"]  # the name of a task, not a gap
    assert numbers(path, found, "labels").tolist() == pytest.approx([2.0, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("task,labels\n", "t.csv: the table has no rows"),
        ("tusk,labels\npos,1\n", "t.csv: there is no column 'task'; there is tusk, labels"),
        ("task,labels\npos,1\nner,two\n", "t.csv:3: labels 'two' should be a number"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, message):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        numbers(path, read_table(path, ["task"]), "labels")
