from __future__ import annotations

import html
import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hf_sluice.data.corpora import demo, ewt, gum
from hf_sluice.hub.harmless_text import in_file_name, in_markdown, in_table_cell

ORDINARY = "B-PER I-LOC E-ORG NN NNP -LRB- PRP$ WP$ O , . : '' -NONE- n.GROUP noun.person ARGM-TMP ner pos_news gpt2-x"
HOSTILE = (
    "a|b",
    "a\\|b",
    "``",
    "`x",
    "x`",
    "` `",
    "<script>alert(1)</script>",
    "</td><td>",
    "[x](https://y.example)",
    "![x](y.png)",
    "https://y.example",
    "www.y.example",
    "a@y.example",
    "*x* _y_ **z** ~~w~~",
    "# x",
    "#",
    "- x",
    "-",
    "---",
    "===",
    "1.",
    "> x",
    "    x",
    "```",
    "&lt;b&gt;",
    "&amp",
    "\\(x\\)",
    "$$x$$",
    "$x$",
    ":smile:",
    "a\n\n# b",
    "a\r\nb\tc",
    "a\u2028b",
    "a\u202eb",
    "a\u200bb\ufeff",
    "\x1b[31m",
    "\ud800",
    "a\u00a0b",
    "\u3164",
    " ",
    " x",
    "x ",
    "   ",
    "",
    "{{ x }}",
    "<!-- x -->",
    "x\\",
)
BLANK = "\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5"  # printable, to Python
# Characters that mean something are drawn more often than all the others.
TEXTS = st.text(st.one_of(st.sampled_from("|`*_[]()<>!#-+=~\\$:&;.@ \n1aB"), st.characters()), max_size=20)
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def what_is_read(markdown: str, tags: str) -> str:
    """The text of rendered Markdown, which holds nothing but the tags given."""
    rendered = RENDERER.render(markdown)
    assert set(re.findall(r"</?(\w+)", rendered)) <= {*tags.split(), "code"}, rendered
    return html.unescape(re.sub(r"<[^>]*>", "", rendered)).rstrip("\n")


def shown(text: str) -> str:
    """What a reader is to see: characters that cannot be seen are numbers there."""
    hidden = (not character.isprintable() or character in BLANK for character in text)
    return "".join(f"⟨U+{ord(c):04X}⟩" if is_hidden else c for c, is_hidden in zip(text, hidden, strict=True))


@pytest.mark.parametrize("label", ORDINARY.split())
def test_ordinary_labels_stay_as_they_are(label: str) -> None:
    assert in_markdown(label) == in_table_cell(label) == label


def test_the_labels_of_our_corpora_are_hardly_touched() -> None:
    labels = {label for corpus in (demo, ewt, gum) for task in corpus.TASKS for label in (task.name, *task.labels)}
    assert len(labels) > 60
    assert {label for label in labels if in_markdown(label) != label} == set()


@given(TEXTS)
def test_markdown_renders_as_the_text_itself(text: str) -> None:
    check_paragraph(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_render_as_themselves(text: str) -> None:
    check_paragraph(text)
    check_table(text)
    assert "\n" not in in_markdown(text)
    in_markdown(text).encode()


def check_paragraph(text: str) -> None:
    assert what_is_read(in_markdown(text), "p") == shown(text)
    assert what_is_read(f"- {in_markdown(text)}: x", "ul li") == f"\n{shown(text)}: x"
    assert what_is_read(f"## x{in_markdown(text)}y", "h2") == f"x{shown(text)}y"


@given(TEXTS)
@example("|")
@example("\\|")
@example("\\\\|")
def test_a_cell_renders_as_the_text_itself(text: str) -> None:
    check_table(text)


def check_table(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| ({in_table_cell(text)}) | end |"
    read = what_is_read(table, "table thead tbody tr th td").split()
    expected = f"a b ({shown(text)}) end".replace("\\|", "\\⟨U+007C⟩")
    assert read == expected.split()


def test_what_is_no_link_anywhere_is_code() -> None:
    # Markdown-it knows no bare addresses; renderers of the Hub do, and leave code alone.
    for text in ("https://y.example", "HTTP://y", "www.y.example", "a@y.example"):
        assert in_markdown(text) == f"`{text}`"


def test_a_very_long_text_is_cut() -> None:
    assert in_markdown("x" * 100_000) == "x" * 200 + "…"
    assert in_markdown("x" * 200) == "x" * 200
    assert len(in_table_cell("|" * 100_000)) < 1000


@pytest.mark.parametrize("name", ["pos", "ner", "pos_news", "B-PER", "x.y", "-LRB-"[1:], "_x", "7"])
def test_an_ordinary_file_name_stays_as_it_is(name: str) -> None:
    assert in_file_name(name) == name


FORBIDDEN = [
    *("../x", "..", ".", "/etc/passwd", "a/b", "a\\b", "C:\\x", "CON", "nul.txt", "com1", ".hidden", "-rf", "x."),
    *("x ", "a\nb", "\0", "é", "a~b", "~", "*", ""),
]


@pytest.mark.parametrize("name", [*FORBIDDEN, "x" * 101, "\ud800"])
def test_any_other_name_is_one_harmless_file(name: str) -> None:
    assert in_file_name(name) != name
    check_file_name(in_file_name(name))


@given(TEXTS)
def test_every_text_makes_a_file_name(text: str) -> None:
    check_file_name(in_file_name(text))


def check_file_name(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.~-]*", name)
    assert 1 <= len(name) <= 100
    assert name not in (".", "..")
    assert name[-1] not in ". "
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)


@given(TEXTS, TEXTS)
@example("a/b", "a-b")
@example("a/b", "a?b")
@example("x" * 101, "x" * 102)
def test_different_texts_have_different_file_names(one: str, other: str) -> None:
    assert (in_file_name(one) == in_file_name(other)) == (one == other)


@given(TEXTS)
def test_a_file_name_never_looks_like_one_that_was_made(text: str) -> None:
    made = in_file_name(text)
    assert in_file_name(made) == made if made == text else in_file_name(made) != made
