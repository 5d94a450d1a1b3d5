"""Hyperlinks in the MISC column of GUM, ``XML=<ref target:::"…">`` at their first word and ``</ref>`` at their last.

Other elements of the texts' markup stand there too, in the order in which they open and end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from hf_sluice.data.formats.conllu import ConlluSentence

_KEY = "XML="
_TAG = re.compile(r"<ref\b[^<>]*>|</ref>")
_LABEL = "link"


def read_hyperlinks(sentence: ConlluSentence) -> list[Span]:
    """The words of each hyperlink of a sentence, under the label ``link``, from left to right.

    Raises:
        DataError: a link within a link, one that ends without having begun, or does not end in its sentence.
    """
    path = sentence.place.path
    links = []
    start: int | None = None
    for position, word in enumerate(sentence.words):
        for tag in _tags(word.misc):
            if tag == "</ref>":
                if start is None:
                    raise DataError(path, word.line, "a hyperlink (</ref>) ends here that was not begun by <ref>")
                links.append(Span(_LABEL, start, position + 1))
                start = None
            elif start is not None:
                raise DataError(path, word.line, "a hyperlink (<ref>) begins within another one")
            else:
                start = position
    if start is not None:
        raise DataError(path, sentence.words[start].line, "a hyperlink (<ref>) is not ended in its sentence by </ref>")
    return links


def _tags(misc: str) -> list[str]:
    """The tags of hyperlinks in a MISC column, in order."""
    return [tag for item in misc.split("|") if item.startswith(_KEY) for tag in _TAG.findall(item)]
