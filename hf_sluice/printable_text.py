"""Names from elsewhere as a terminal can show them."""

from __future__ import annotations


def printable(text: str) -> str:
    """A text on one line, without anything that a terminal would obey: such characters are shown by their numbers."""
    return "".join(one if one.isprintable() else f"⟨U+{ord(one):04X}⟩" for one in text)
