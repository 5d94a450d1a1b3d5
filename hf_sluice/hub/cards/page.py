"""The text of a card, by its template, in which nothing from elsewhere is shown unless it was made harmless."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from hf_sluice.hub.cards.markdown import Markdown, as_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = Path(__file__).parents[1] / "model_card_template.md"
_BLANK_LINES = re.compile(r"\n{3,}")


def render(values: Mapping[str, Any], template: Path = TEMPLATE) -> str:
    """The page.

    Plain text among the values renders as itself (:func:`as_markdown`); in the template ``| code`` makes a string
    literal of Python, JSON and the shell of a text, and ``| as_it_is`` is for texts of ours.

    Args:
        values: what the template names.
        template: the file.

    Raises:
        jinja2.TemplateError: the template names what there is not.
    """
    environment = jinja2.Environment(  # noqa: S701 - HTML's rules are not Markdown's: finalize escapes
        finalize=as_markdown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": _code, "as_it_is": Markdown}
    page = environment.from_string(template.read_text(encoding="utf-8")).render(values)
    return _BLANK_LINES.sub("\n\n", page).strip() + "\n"


def _code(text: str) -> Markdown:
    return Markdown(json.dumps(text))
