from __future__ import annotations

import gzip
import json

import pytest
from datasets import Dataset, DatasetDict, IterableDataset
from datasets.exceptions import DatasetGenerationError
from pyarrow import ArrowInvalid

from hf_sluice.data.formats.hf_opening import loading_errors, open_dataset, open_files
from hf_sluice.errors import UserError

ROWS = [{"tokens": ["a", "b"], "pos": ["N", None]}, {"tokens": ["c"], "pos": None}]


@pytest.fixture
def rows():
    return Dataset.from_list(ROWS)


def listed(opened):
    return {split: list(rows) for split, rows in opened.items()}


def test_a_folder_of_a_saved_dataset_dict(tmp_path, rows):
    DatasetDict({"train": rows, "dev": rows}).save_to_disk(tmp_path / "saved")
    assert listed(open_dataset(tmp_path / "saved")) == {"train": ROWS, "dev": ROWS}


def test_a_folder_of_data_files_is_streamed(tmp_path, rows):
    for split in ("train", "test"):
        rows.to_parquet(tmp_path / f"{split}.parquet")
    opened = open_dataset(tmp_path)
    assert listed(opened) == {"train": ROWS, "test": ROWS}
    assert all(isinstance(rows, IterableDataset) for rows in opened.values())


@pytest.mark.parametrize("name", ["a.parquet", "a.json", "a.jsonl", "a.jsonl.gz"])
def test_files(tmp_path, rows, name):
    path = tmp_path / name
    if name == "a.parquet":
        rows.to_parquet(path)
    else:
        lines = "".join(json.dumps(row) + "\n" for row in ROWS)
        path.write_bytes(gzip.compress(lines.encode()) if name.endswith(".gz") else lines.encode())
    opened = open_files({"train": [path], "test": [path, path]})
    assert listed(opened) == {"train": ROWS, "test": ROWS * 2}
    assert all(isinstance(rows, IterableDataset) for rows in opened.values())


def test_a_file_that_changed_is_read_anew(tmp_path):
    path = tmp_path / "a.jsonl"
    for content in (ROWS, ROWS[:1]):
        path.write_text("".join(json.dumps(row) + "\n" for row in content))
        assert listed(open_files({"train": [path]})) == {"train": content}


def one_line(opening):
    with pytest.raises(UserError) as caught:
        listed(opening())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_cannot_be_opened(tmp_path, rows):
    rows.save_to_disk(tmp_path / "one")
    assert "saved without splits" in one_line(lambda: open_dataset(tmp_path / "one"))
    assert "none' cannot be loaded: " in one_line(lambda: open_dataset(tmp_path / "none"))
    assert "none.json' cannot be loaded: " in one_line(lambda: open_files({"train": [tmp_path / "none.json"]}))
    (tmp_path / "a.parquet").write_text("no parquet " * 9)
    assert "cannot be loaded: Parquet magic" in one_line(lambda: open_files({"train": [tmp_path / "a.parquet"]}))


def test_files_of_other_types(tmp_path):
    assert "a.txt' is not one of .parquet, .json, .jsonl" in one_line(
        lambda: open_files({"train": [tmp_path / "a.txt"]})
    )
    mixed = {"train": [tmp_path / "a.parquet"], "test": [tmp_path / "a.json"]}
    assert "files of one type are expected; there are json, parquet" in one_line(lambda: open_files(mixed))
    assert "there are none" in one_line(lambda: open_files({"train": []}))


@pytest.mark.parametrize("error", [DatasetGenerationError, FileNotFoundError, ValueError, ArrowInvalid])
def test_what_loading_raises_becomes_one_line_with_its_cause(error):
    def fail():
        with loading_errors("data"):
            raise error("what happened") from OSError("the cause\n  of it")

    with pytest.raises(UserError) as caught:
        fail()
    assert str(caught.value) == "data set 'data' cannot be loaded: the cause of it"
