from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.new_folder import check_new_folder, new_folder


def fill(folder):
    with new_folder(folder) as aside:
        (aside / "new.txt").write_text("new")
        assert not (folder / "new.txt").exists()


@pytest.mark.parametrize("prepare", [lambda _: None, lambda path: path.mkdir(parents=True)])
def test_what_is_written_is_there_in_the_end(tmp_path, prepare):
    folder = tmp_path / "below" / "folder"
    prepare(folder)
    fill(folder)
    assert (folder / "new.txt").read_text() == "new"
    assert [path.name for path in folder.parent.iterdir()] == ["folder"]


def test_what_is_there_is_left_alone(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder" / "mine.txt", tmp_path / "file"):
        path.write_text("mine")
    for path in (tmp_path / "folder", tmp_path / "file"):
        with pytest.raises(UserError) as caught:
            fill(path)
        assert str(caught.value) == f"{path}: is there already; a new or an empty folder is expected"
    assert (tmp_path / "folder" / "mine.txt").read_text() == (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "below"
    with pytest.raises(UserError, match=rf"^{folder}: the folder cannot be written \(File exists\)$"):
        fill(folder)


@pytest.mark.parametrize(("error", "seen"), [(OSError(28, "No space left"), UserError), (KeyError(), KeyError)])
def test_nothing_is_left_of_a_folder_that_could_not_be_finished(tmp_path, error, seen):
    def fail():
        with new_folder(tmp_path / "new") as aside:
            (aside / "half.txt").write_text("half")
            raise error

    with pytest.raises(seen):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_command_left_is_replaced(tmp_path):
    (tmp_path / "new.writing").mkdir()
    (tmp_path / "new.writing" / "old.txt").write_text("old")
    fill(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert not (tmp_path / "new" / "old.txt").exists()


def test_a_link_to_an_empty_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    fill(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "new.txt").exists()


def test_an_empty_folder_is_not_in_the_way(tmp_path):
    check_new_folder(tmp_path)
    check_new_folder(tmp_path / "new")
