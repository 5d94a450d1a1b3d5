from __future__ import annotations

import ast
import json
import shlex

import jinja2
import pytest

from hf_sluice.hub.cards.markdown import Markdown
from hf_sluice.hub.cards.page import TEMPLATE, render


def page_of(template, tmp_path, **values):
    (tmp_path / "page.md").write_text(template, encoding="utf-8")
    return render(values, tmp_path / "page.md")


def test_text_is_made_harmless_wherever_the_template_shows_it(tmp_path):
    page = page_of(
        "{{ a }} {{ b }}{% for x in c %} {{ x }}{% endfor %}\n", tmp_path, a="<b>", b=Markdown("<i>"), c=["*"]
    )

    assert page == "`<b>` <i> `*`\n"


@pytest.mark.parametrize("text", ["plain", 'a "quote"', "back\\slash", "line\nbreak", "ü ☃", "'"])
def test_code_is_a_literal_of_python_and_json(text, tmp_path):
    page = page_of("{{ text | code }}", tmp_path, text=text).rstrip("\n")

    assert ast.literal_eval(page) == json.loads(page) == text


def test_code_is_one_word_of_the_shell(tmp_path):
    assert shlex.split(page_of("{{ text | code }}", tmp_path, text="two words, 1.5 %")) == ["two words, 1.5 %"]


def test_what_is_missing_is_an_error_and_no_blank(tmp_path):
    with pytest.raises(jinja2.UndefinedError, match="'missing' is undefined"):
        page_of("{{ missing }}", tmp_path)


def test_sections_left_out_leave_no_gaps(tmp_path):
    assert page_of("a\n\n{% if no %}\nb\n\n{% endif %}\n\n\nc", tmp_path, no=False) == "a\n\nc\n"


def test_the_template_is_at_hand_where_cards_are_kept():
    link = TEMPLATE.parents[2] / "model_cards" / TEMPLATE.name
    assert link.is_symlink()
    assert link.resolve() == TEMPLATE
