from __future__ import annotations

import pandas as pd
import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.relations.table_files import write_parquet, write_tsv

TABLE = pd.DataFrame({"task": ["pos", "ner"], "value": [0.1, float("nan")]})


def test_columns_are_read_as_they_were_written(tmp_path):
    pd.testing.assert_frame_equal(pd.read_csv(write_tsv(TABLE, tmp_path / "a.tsv"), sep="\t"), TABLE)
    pd.testing.assert_frame_equal(pd.read_parquet(write_parquet(TABLE, tmp_path / "a.parquet")), TABLE)
    assert {path.name for path in tmp_path.iterdir()} == {"a.tsv", "a.parquet"}


def test_parquet_keeps_an_index_that_has_a_name(tmp_path):
    named = TABLE.set_index("task")

    pd.testing.assert_frame_equal(pd.read_parquet(write_parquet(named, tmp_path / "a.parquet")), named)


@pytest.mark.parametrize("write", [write_tsv, write_parquet])
def test_a_folder_that_is_not_there_is_told(tmp_path, write):
    with pytest.raises(UserError, match=r"no/such: cannot be written"):
        write(TABLE, tmp_path / "no" / "such")
