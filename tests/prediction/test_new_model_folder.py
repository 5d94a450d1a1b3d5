from __future__ import annotations

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.prediction.model_folder import load_tagger
from hf_sluice.prediction.new_model_folder import check_new_folder, save_new_folder
from tests.prediction.tiny_tagger import tiny_tagger


@pytest.fixture(scope="module")
def tagger():
    return tiny_tagger()


@pytest.mark.parametrize("prepare", [lambda _: None, lambda path: path.mkdir(parents=True)])
def test_what_is_saved_can_be_loaded(tagger, tmp_path, prepare):
    model, tokenizer = tagger
    folder = tmp_path / "new" / "model"
    prepare(folder)
    save_new_folder(folder, model, tokenizer)
    loaded = load_tagger(str(folder))

    assert loaded.tokenizer.vocabulary == tokenizer.vocabulary
    state = loaded.model.cpu().state_dict()
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_what_is_there_is_left_alone(tagger, tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder" / "mine.txt", tmp_path / "file"):
        path.write_text("mine")
    for path in (tmp_path / "folder", tmp_path / "file"):
        with pytest.raises(UserError) as caught:
            save_new_folder(path, *tagger)
        assert str(caught.value) == f"{path}: is there already; a new or an empty folder is expected"
    assert (tmp_path / "folder" / "mine.txt").read_text() == (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_named(tagger, tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "below"
    with pytest.raises(UserError, match=rf"^{folder}: the folder cannot be written \(File exists\)$"):
        save_new_folder(folder, *tagger)


def test_nothing_is_left_of_a_folder_that_could_not_be_finished(tagger, tmp_path):
    model, _ = tagger

    class FullDisk:
        def save_pretrained(self, _folder):
            raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="No space left on device"):
        save_new_folder(tmp_path / "new", model, FullDisk())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_command_left_is_replaced(tagger, tmp_path):
    (tmp_path / "new.writing").mkdir()
    (tmp_path / "new.writing" / "old.txt").write_text("old")
    save_new_folder(tmp_path / "new", *tagger)

    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert not (tmp_path / "new" / "old.txt").exists()


def test_a_link_to_an_empty_folder_stays_a_link(tagger, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    save_new_folder(tmp_path / "link", *tagger)

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "config.json").exists()


def test_an_empty_folder_is_not_in_the_way(tmp_path):
    check_new_folder(tmp_path)
    check_new_folder(tmp_path / "new")
