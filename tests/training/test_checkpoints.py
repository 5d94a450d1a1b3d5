from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from hf_sluice.errors import ModelFolderError
from hf_sluice.training.checkpoints import Checkpoints


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "checkpoints"


def state_of(step):
    return {"model": {"weight": torch.full((2, 3), step / 3)}, "progress": {"step": step, "best": None, "sums": {}}}


def assert_same(found, expected):
    assert torch.equal(found["model"]["weight"], expected["model"]["weight"])
    assert found["progress"] == expected["progress"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_saved_is_loaded(folder):
    Checkpoints(folder).save(7, state_of(7))

    assert_same(Checkpoints(folder).load(), state_of(7))


def test_where_there_is_none_there_is_none(folder):
    checkpoints = Checkpoints(folder)

    assert (checkpoints.latest(), checkpoints.load()) == (None, None)
    checkpoints.clear()
    assert not folder.exists()


def test_only_the_last_one_is_kept(folder):
    checkpoints = Checkpoints(folder)
    for step in (9, 10, 100):
        checkpoints.save(step, state_of(step))

    assert names(folder) == ["step-000000100"]
    assert_same(checkpoints.load(), state_of(100))


@pytest.mark.parametrize("steps", [(9, 10), (10, 9), (99_999_999, 100_000_000)])
def test_the_last_one_is_that_of_the_most_steps(folder, steps):
    for step in steps:
        Checkpoints(folder.with_name(f"of-{step}")).save(step, state_of(step))
        shutil.copytree(folder.with_name(f"of-{step}"), folder, dirs_exist_ok=True)

    assert_same(Checkpoints(folder).load(), state_of(max(steps)))


def test_the_same_step_is_replaced(folder):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(1))
    checkpoints.save(3, state_of(3))

    assert names(folder) == ["step-000000003"]
    assert_same(checkpoints.load(), state_of(3))


def test_what_a_crash_left_unfinished_is_ignored_and_removed(folder):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(3))
    for name in ("writing-4", "writing-99"):
        (folder / name).mkdir()
        (folder / name / "state.pt").write_bytes(b"half")

    assert_same(checkpoints.load(), state_of(3))
    checkpoints.save(4, state_of(4))
    assert names(folder) == ["step-000000004"]
    assert_same(checkpoints.load(), state_of(4))


def test_a_crash_while_writing_leaves_the_older_one(folder, monkeypatch):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(3))

    def crash(_state, file):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", crash)
    with pytest.raises(KeyboardInterrupt):
        checkpoints.save(4, state_of(4))
    assert_same(Checkpoints(folder).load(), state_of(3))


def test_a_crash_before_the_renaming_leaves_the_older_one(folder, monkeypatch):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(3))

    def crash(_path, _target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", crash)
    with pytest.raises(KeyboardInterrupt):
        checkpoints.save(4, state_of(4))
    assert_same(Checkpoints(folder).load(), state_of(3))


def test_a_half_removed_one_is_none(folder):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(3))
    (folder / "step-000000009").mkdir()

    assert_same(checkpoints.load(), state_of(3))
    checkpoints.save(10, state_of(10))
    assert names(folder) == ["step-000000010"]


def test_clearing_removes_everything(folder):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(3))
    checkpoints.clear()

    assert not folder.exists()
    assert checkpoints.load() is None


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_file_is_named_in_one_line(folder, share):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, state_of(3))
    path = checkpoints.latest() / "state.pt"
    contents = path.read_bytes()
    path.write_bytes(contents[: int(share * len(contents))])

    with pytest.raises(ModelFolderError) as caught:
        checkpoints.load()
    assert str(caught.value).startswith(f"{path}: the checkpoint is damaged (")
    assert str(caught.value).endswith("); remove its folder and train anew with --overwrite")
    assert "\n" not in str(caught.value)


class _RunsWhenUnpickled:
    def __init__(self, path):
        self._path = path

    def __reduce__(self):
        return Path.touch, (self._path,)


def test_a_file_that_would_run_code_is_refused_and_runs_none(folder, tmp_path):
    checkpoints = Checkpoints(folder)
    checkpoints.save(3, {"model": _RunsWhenUnpickled(tmp_path / "ran")})

    with pytest.raises(ModelFolderError, match=r"^[^\n]*the checkpoint is damaged \(UnpicklingError\)[^\n]*$"):
        checkpoints.load()
    assert not (tmp_path / "ran").exists()
