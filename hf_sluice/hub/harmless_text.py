"""Names and labels from elsewhere, written so that they stand in Markdown and in file names as nothing but themselves.

Anyone can publish a model whose tasks and labels are called ``</td><script>`` or ``../../x``.
"""

from __future__ import annotations

import hashlib
import re

_LONGEST_TEXT = 200
_LONGEST_FILE_NAME = 100

# Characters without any meaning in Markdown wherever they stand, besides letters, digits and other symbols of Unicode.
_MARKS = " .,;:'\"()/%+-=?^{}!&_$"
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W_])_(?=[^\W_])")
_SPECIAL = (
    re.compile(r"^[-+](?:\s|$)"),  # an item of a list
    re.compile(r"^\d+[.)](?:\s|$)"),  # a numbered item
    re.compile(r"^[-=+]+$"),  # a rule, or an underlined heading
    re.compile(r"&[#\w]"),  # a character reference
    re.compile(r":[\w+-]+:"),  # an emoji
    re.compile(r"://|\bwww\.", re.IGNORECASE),  # becomes a link
    re.compile(r"(?<![A-Za-z0-9])\$|\$\$|\$(?=[A-Za-z0-9])"),  # a formula; PRP$ is none
    re.compile(r"^\s|\s$|\s\s"),  # blanks that would be lost
    re.compile(r"_"),  # emphasis, but between letters
)
# Letters and symbols that look like nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")

_FILE_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\..*)?", re.IGNORECASE)


def in_markdown(text: str) -> str:
    """A text as Markdown that renders as the text itself: on one line, no markup, no HTML, no link.

    Ordinary labels (``B-PER``, ``-LRB-``, ``PRP$``) stay as they are; what Markdown would read as something else
    becomes inline code. Characters that cannot be seen, or that reorder others, are shown by their numbers
    (``⟨U+202E⟩``), and a text of more than 200 characters is cut with ``…``. The result is not to be put between
    backticks; in tables :func:`in_table_cell` is needed.
    """
    shown = _shown(text)
    return shown if _is_plain(shown) else _as_code(shown)


def in_table_cell(text: str) -> str:
    """The same within a cell of a table, where ``|`` would end the cell."""
    shown = in_markdown(text).replace("\\|", f"\\{_number('|')}")  # Markdown's renderers disagree on \\|
    return shown.replace("|", "\\|")


def in_file_name(text: str) -> str:
    """A text as the name of one file or folder, on any system: letters, digits, ``_``, ``-``, ``.`` and ``~``.

    A text that is such a name stays as it is; any other gets ``~`` and a digest of it, so that different texts have
    different names (but those that differ in case alone, where the system does not tell these apart). At most 100
    characters long, so that there is room for an ending.
    """
    if len(text) <= _LONGEST_FILE_NAME and _FILE_NAME.fullmatch(text) and not _RESERVED.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    kept = "-".join(re.findall(r"[A-Za-z0-9_]+", text))[: _LONGEST_FILE_NAME - len(digest) - 1].rstrip("-")
    return f"{kept or 'unnamed'}~{digest}"


def _shown(text: str) -> str:
    cut = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    return "".join(_number(character) if _is_hidden(character) else character for character in cut)


def _is_hidden(character: str) -> bool:
    return not character.isprintable() or character in _BLANK


def _number(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _is_plain(shown: str) -> bool:
    bare = _BETWEEN_LETTERS.sub("", shown)
    known = all(character in _MARKS or character.isalnum() or not character.isascii() for character in bare)
    return known and not any(special.search(bare) for special in _SPECIAL)


def _as_code(shown: str) -> str:
    """Inline code, between more backticks than follow each other in the text."""
    fence = "`" * (1 + max(map(len, re.findall(r"`+", shown)), default=0))
    # Of a text that begins and ends with a blank, Markdown takes one away at either side.
    pads = shown[0] in "` " or shown[-1] in "` "
    return f"{fence} {shown} {fence}" if pads and shown.strip(" ") else f"{fence}{shown}{fence}"
