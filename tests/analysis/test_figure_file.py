from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from PIL import Image

from hf_sluice.analysis.figure_file import save_figure
from hf_sluice.errors import UserError


def figure(title="a"):
    drawn = Figure(figsize=(1, 1))
    drawn.subplots().set_title(title)
    return drawn


def test_a_figure_becomes_a_png_file_in_a_folder_that_is_made(tmp_path):
    path = tmp_path / "new" / "folder" / "a.png"
    save_figure(figure(), path)

    with Image.open(path) as image:
        image.load()
        assert image.format == "PNG"
    assert [file.name for file in path.parent.iterdir()] == ["a.png"]


def test_equal_figures_are_equal_files_and_replace_what_was_there(tmp_path):
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    save_figure(figure(), one)
    other.write_text("something else")
    save_figure(figure(), other)

    assert one.read_bytes() == other.read_bytes()
    save_figure(figure("b"), other)
    assert one.read_bytes() != other.read_bytes()


def test_what_cannot_be_written_is_named_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder.png").mkdir()

    for path in (tmp_path / "file" / "a.png", tmp_path / "folder.png"):
        with pytest.raises(UserError, match=r"^.*\.png: the figure cannot be written \([^()]+\)$") as caught:
            save_figure(figure(), path)
        assert "\n" not in str(caught.value)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder.png"]


def test_a_figure_that_cannot_be_drawn_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.png"
    path.write_text("whole")
    broken = figure(r"$\nothing$")

    with pytest.raises(ValueError, match="nothing"):
        save_figure(broken, path)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.png", "whole")]


def test_it_is_as_fine_as_asked_for(tmp_path):
    for dots in (50, 150):
        save_figure(figure(), tmp_path / f"{dots}.png", dots_per_inch=dots)

    with Image.open(tmp_path / "50.png") as coarse, Image.open(tmp_path / "150.png") as fine:
        assert fine.width == pytest.approx(3 * coarse.width, rel=0.1)
