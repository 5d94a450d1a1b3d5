from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.corpora.locate import find_file
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("ending", ["", ".xz", ".gz"])
def test_any_packing_is_found(tmp_path: Path, ending: str):
    path = tmp_path / f"a.conllu{ending}"
    path.touch()
    assert find_file(tmp_path, "a.conllu") == path


def test_an_earlier_name_is_preferred(tmp_path: Path):
    for name in ("new.iob2.xz", "old.iob2"):
        (tmp_path / name).touch()
    assert find_file(tmp_path, "new.iob2", "old.iob2").name == "new.iob2.xz"
    assert find_file(tmp_path, "old.iob2", "new.iob2").name == "old.iob2"


def test_what_is_missing_is_named(tmp_path: Path):
    with pytest.raises(DataError, match=r"the file a or b .* is missing"):
        find_file(tmp_path, "a", "b")
