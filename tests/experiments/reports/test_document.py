from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import TextTable
from hf_sluice.experiments.reports.document import Document


def figure():
    drawn = Figure(figsize=(1, 1))
    drawn.subplots().plot([0, 1])
    return drawn


def document():
    made = Document("All")
    made.heading("Part")
    made.paragraph("Words.")
    made.items(["one", "two"])
    made.code("run it\n", "sh")
    made.table(TextTable("Numbers", ("", "a|b"), (("x", "1"),), num_names=1))
    made.picture(figure(), "drawn", "a line")
    return made


def test_parts_stand_apart_so_that_markdown_tells_them_apart():
    assert document().markdown() == (
        "# All\n\n## Part\n\nWords.\n\n- one\n- two\n\n```sh\nrun it\n```\n\n"
        "Numbers:\n\n|  | a\\|b |\n| --- | ---: |\n| x | 1 |\n\n![a line](drawn.png)\n"
    )


def test_pictures_are_written_beside_the_text_and_nothing_else(tmp_path):
    folder = tmp_path / "made" / "here"

    assert document().write(folder) == [folder / "report.md", folder / "drawn.png"]
    assert sorted(path.name for path in folder.iterdir()) == ["drawn.png", "report.md"]
    assert (folder / "drawn.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"file/here: the report cannot be written \("):
        document().write(tmp_path / "file" / "here")
