"""English inflection for the demo corpus: regular endings, and the irregular forms that its lexicon says."""

from __future__ import annotations

import re

_ONE_SHORT_SYLLABLE = re.compile(r"[^aeiou]+[aeiou][bdgmnprt]")
_HISSING = ("s", "x", "z", "ch", "sh")
_SAME_IN_PLURAL = ("fish", "staff")
_VERB_FORMS = {"VBD": 1, "VBN": 2, "VBG": 3}


def inflect(lexeme: str, tag: str) -> str:
    """The form of a lexeme that carries a Penn Treebank tag.

    Args:
        lexeme: a base form; irregular ones are ``singular/plural``, or ``base/past/participle`` with an optional
            ``/gerund``.
        tag: VBZ, VBD, VBN, VBG and NNS inflect; every other tag takes the base form.
    """
    forms = lexeme.split("/")
    base = forms[0]
    if tag in _VERB_FORMS:
        place = _VERB_FORMS[tag]
        return forms[place] if place < len(forms) else _with_ending(base, "ing" if tag == "VBG" else "ed")
    if tag == "NNS":
        return forms[1] if len(forms) > 1 else _plural(base)
    return _with_s(base) if tag == "VBZ" else base


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return noun[:-3] + "men"
    return noun if noun in _SAME_IN_PLURAL else _with_s(noun)


def _with_s(base: str) -> str:
    if base.endswith(_HISSING):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _with_ending(base: str, ending: str) -> str:
    """Adds ``ed`` or ``ing``: bake → baked, chop → chopped, dry → dried (but drying)."""
    if base.endswith("e") and not (ending == "ing" and base.endswith("ee")):
        return base[:-1] + ending
    if _ONE_SHORT_SYLLABLE.fullmatch(base):
        return base + base[-1] + ending
    if ending == "ed" and base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + ending
