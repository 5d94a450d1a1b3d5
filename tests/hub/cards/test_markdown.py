from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from hf_sluice.evaluation.tables import TextTable
from hf_sluice.hub.cards.markdown import Markdown, as_markdown, fenced, folded, listed, table, written

HOSTILE = ("<script>", "a|b", "*x*", "`tick`", "line\nbreak", "[x](http://y)", "&amp;", "\u202e", "-", "# x", "")


def html_of(text):
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


def test_markdown_is_shown_as_it_is_and_text_as_itself():
    assert as_markdown(Markdown("*x*")) == "*x*"
    assert as_markdown("*x*") == "`*x*`"
    assert as_markdown(3) == "3"
    assert isinstance(as_markdown("x"), Markdown)


def test_what_is_filled_into_a_sentence_is_made_harmless_once():
    assert written("{a} and {b}.", a="*x*", b=Markdown("*y*")) == "`*x*` and *y*."
    assert written("{a}", a="{b}") == "{b}"


@pytest.mark.parametrize(
    ("names", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "<b>", "c"], "a, `<b>` and c"), ([], "none")]
)
def test_names_are_listed(names, text):
    assert listed(names) == text


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_cell_stays_one_cell_and_holds_no_markup(cell):
    html = html_of(table(TextTable("", ("name", cell), ((cell, "1"),), num_names=1)))

    assert html.count("<td") == html.count("<th>") + html.count("<th ") == 2
    assert not {"<script", "<a ", "<em", "<img"} & set(html.lower().replace(">", " ").split())


def test_what_is_not_known_is_a_dash_and_markdown_stays():
    shown = table(TextTable("", ("a", "b"), (("-", Markdown("**1**")),), num_names=1))

    assert shown == "| a | b |\n| --- | ---: |\n| – | **1** |"


@pytest.mark.parametrize("text", ["x", "a\n```\nb", "`````", "</code>", "~~~"])
def test_code_ends_at_the_end_of_its_block_alone(text):
    html = html_of(fenced(text, "yaml") + "\n\n# heading\n")

    assert html.count("<code") == 1
    assert "<h1>heading</h1>" in html


def test_what_is_folded_is_markdown_still():
    html = html_of(folded("More", "| a |\n| --- |\n| 1 |"))

    assert "<summary>More</summary>" in html
    assert "<td>1</td>" in html
