"""Chunks from constituent trees by the rules of the CoNLL-2000 shared task, as IOB2 labels.

The task is described by Tjong Kim Sang and Buchholz (2000), "Introduction to the CoNLL-2000 Shared Task: Chunking";
its data were made by Buchholz's program chunklink. The rules, as followed here:

1. A constituent gives one chunk of its category (function tags and WH stripped): its own words up to and including
   its head. The head is the last of its words whose tag can head that category (``_HEAD_TAGS``). Constituents inside
   it make chunks of their own; words behind the head, and the words of S, SQ, SINV, FRAG, PRN…, are ``O``. Hence
   PP chunks are prepositions, SBAR chunks complementizers, an inverted auxiliary and most punctuation are ``O``, and
   a conjunction is ``O`` between two constituents but inside a chunk between two words (``dogs and cats``).
2. QP, NX, NML, NAC and X are dissolved into the constituent around them, wherever that can take their words.
3. ADJP and UCP are dissolved into the NP around them (WHADJP into WHNP) unless an NP that is no possessive precedes
   them in it; ADVP into the ADJP around it unless an ADJP precedes it there.
4. VP: a VP inside a VP is dissolved into it when only words of the verb group stand before it: verbs, modals, ``to``,
   adverbs. So is an S that begins with its VP (``want to sell``), and an ADVP before the last verb.
5. A possessive ``'s`` that ends an NP begins a new one, joined with the NP that follows, or alone.

Departures, all made because words would be left without a chunk in the middle of a phrase, or because the trees hold
less or more than the Treebank of 1994:

- NML and finer tags (HYPH, ADD, GW, AFX, XX) did not exist: NML is treated as NX; ADD, GW, AFX and XX can head an NP.
- The modifiers before the head of an NP (rules 2 and 3, and ADVP) belong to it with all their words: ``a state - of -
  the - art system``, ``the 61 years old man`` are one chunk each. chunklink dissolves one level and leaves ``the`` out.
- Words that another constituent cuts off from the head of theirs make a chunk up to the last that could be the head
  (``[VP ran] home and [VP hid]``); chunklink leaves them out. A conjunction, comma or dash behind the constituent that
  cuts is ``O``; chunklink has ``[VP and hid]``.
- An ADVP that holds an NP or another constituent is not dissolved into a VP.
- A possessive NP is never one that keeps an ADJP apart (``['s most important members]``).
- A coordinating conjunction that is not the first word never heads a PP or ADVP (chunklink: ``[PP and]`` between two
  PPs), and ``'s`` begins a chunk in flat NPs and behind NML too.
- QP, NX, NML and NAC outside of what can take them are NPs.
- chunklink dissolves an S in a VP only if its label has no function tag (``went [S-PRP to see]`` stays apart). That is
  followed; but trees that were published without function tags (PropBank, OntoNotes in CoNLL format) do not tell,
  and there ``went to see`` is one chunk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.constituents import without_empty_elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.data.constituents import Tree

CHUNK_TYPES = ("ADJP", "ADVP", "CONJP", "INTJ", "LST", "NP", "PP", "PRT", "SBAR", "UCP", "VP")
"""The types of chunks, those of CoNLL-2000."""

_NOUN = "NN NNS NNP NNPS"
_VERB = "VB VBD VBG VBN VBP VBZ"
_ADJECTIVE = "JJ JJR JJS"
_ADVERB = "RB RBR RBS"
_NEW_NAMES = "ADD GW AFX XX"

_HEAD_TAGS = {
    category: frozenset(" ".join(tags).split())
    for category, tags in {
        "ADJP": (_ADJECTIVE, _ADVERB, _VERB, _NOUN, "IN UH FW RP $ # DT"),
        "ADVP": (_ADVERB, _ADJECTIVE, _NOUN, _VERB, "IN TO DT PDT RP FW LS UH CC CD"),
        "CONJP": (_ADVERB, "CC IN"),
        "INTJ": (_ADVERB, _NOUN, _VERB, _ADJECTIVE, "UH FW"),
        "LST": (_ADJECTIVE, "LS :"),
        "NP": (_NOUN, _ADJECTIVE, _ADVERB, _VERB, _NEW_NAMES, "CD PRP PRP$ DT EX IN FW SYM UH WP WP$ WDT"),
        "PP": (_ADVERB, _ADJECTIVE, "IN TO VBG VBN RP CC FW"),
        "PRT": (_ADVERB, _ADJECTIVE, "RP IN"),
        "SBAR": ("IN WDT",),
        "UCP": (_ADJECTIVE, _NOUN, _VERB, "CD"),
        "VP": (_VERB, _ADJECTIVE, _NOUN, "MD TO POS FW SYM"),
        "WHADJP": (_ADJECTIVE,),
        "WHADVP": (_ADVERB, "WRB IN WDT"),
        "WHNP": (_NOUN, _ADJECTIVE, _ADVERB, _NEW_NAMES, "WDT WP WP$ CD DT IN"),
        "WHPP": ("IN TO",),
    }.items()
}

_NOMINAL_PIECES = frozenset({"QP", "NX", "NML", "NAC"})
_TAKE_NOMINAL_PIECES = frozenset({"NP", "WHNP", "ADJP", "WHADJP", "ADVP", "WHADVP", "UCP", "VP"})
_MODIFIERS_OF = {"NP": ("ADJP", "UCP"), "WHNP": ("WHADJP",), "ADJP": ("ADVP",)}
_NOUN_PHRASES = ("NP", "WHNP")
_ADVERBS = frozenset(_ADVERB.split())
_CONNECTIVES = frozenset({"CC", ",", ":"})
_WITH_INDEX = re.compile(r"S(?:[-=][0-9]+)*")


def chunk_labels(tree: Tree) -> list[str]:
    """The IOB2 chunk labels of a tree's words, in order; empty elements (``-NONE-``) count as no words."""
    filled = without_empty_elements(tree)
    words = list(_words(filled)) if filled else []
    chunks: list[str | None] = [None] * len(words)
    starts = [False] * len(words)
    position = 0
    for _, run in groupby(words, key=lambda word: word.owner):
        group = list(run)
        first = next((i for i, word in enumerate(group) if word.can_begin), 0)
        end = max((i for i, word in enumerate(group, start=1) if word.can_head), default=0)
        for i in range(first, end):
            chunks[position + i] = group[0].chunk_type
            starts[position + i] = i == first
        position += len(group)
    _start_possessives(words, chunks, starts)
    return ["O" if c is None else f"{'B' if start else 'I'}-{c}" for c, start in zip(chunks, starts, strict=True)]


class _Word(NamedTuple):
    """A word and the constituent that it belongs to, after the dissolving.

    ``owner`` tells constituents apart, and the words up to a constituent's head from those behind it.
    """

    tag: str
    owner: tuple[int, bool]
    chunk_type: str
    can_begin: bool
    can_head: bool


def _start_possessives(words: Sequence[_Word], chunks: list[str | None], starts: list[bool]) -> None:
    """Rule 5."""
    for i, word in enumerate(words):
        if word.tag != "POS" or chunks[i] not in {None, "NP"}:
            continue
        if chunks[i] is None and i + 1 < len(words) and chunks[i + 1] == "NP":
            starts[i + 1] = False
        chunks[i] = "NP"
        starts[i] = True


@dataclass(slots=True)
class _Part:
    """A part of a constituent while its parts are being dissolved into it."""

    tree: Tree
    from_modifier: bool = False

    @property
    def category(self) -> str:
        return self.tree.category


def _words(tree: Tree) -> Iterator[_Word]:
    """The words from left to right with the constituents that own them."""
    count = 0
    stack: list[tuple[_Part, _Word | None]] = [(_Part(tree), None)]
    while stack:
        part, word = stack.pop()
        if word is not None:
            yield word
            continue
        count += 1
        stack.extend(reversed(_own_words(part.tree, count)))


def _own_words(tree: Tree, number: int) -> list[tuple[_Part, _Word | None]]:
    """The parts of a constituent after dissolving, its own words marked as belonging to it."""
    category = "NP" if tree.category in _NOMINAL_PIECES else tree.category
    parts = _dissolved(tree, category)
    head = _head(parts, category)
    if category in _NOUN_PHRASES:
        parts, head = _with_modifiers_whole(parts, head)
    return [
        (part, _word(part, i, (number, i <= head), category) if part.tree.is_leaf else None)
        for i, part in enumerate(parts)
    ]


def _word(part: _Part, index: int, owner: tuple[int, bool], category: str) -> _Word:
    tag = part.tree.label
    return _Word(
        tag=tag,
        owner=owner,
        chunk_type=category.removeprefix("WH"),
        can_begin=index == 0 or tag not in _CONNECTIVES,
        can_head=owner[1] and _can_head(part, index, category),
    )


def _head(parts: Sequence[_Part], category: str) -> int:
    return max((i for i, part in enumerate(parts) if _can_head(part, i, category)), default=-1)


def _can_head(part: _Part, index: int, category: str) -> bool:
    """Whether a part is a word that can head the constituent; a conjunction only coordinates unless it is first."""
    tag = part.tree.label
    if not part.tree.is_leaf or tag not in _HEAD_TAGS.get(category, ()):
        return False
    return tag != "CC" or index == 0 or category == "CONJP"


def _with_modifiers_whole(parts: Sequence[_Part], head: int) -> tuple[list[_Part], int]:
    """An NP's parts with everything that its modifiers hold before the head as words of its own."""
    whole: list[_Part] = []
    for part in parts[: max(head, 0)]:
        if part.from_modifier or part.category in {"ADVP", "WHADVP"}:
            whole.extend(_Part(leaf) for leaf in part.tree.leaves())
        else:
            whole.append(part)
    return [*whole, *parts[max(head, 0) :]], head + len(whole) - max(head, 0)


def _dissolved(tree: Tree, category: str) -> list[_Part]:
    """The parts of a constituent, those replaced by their own parts that rules 2 to 4 dissolve into it."""
    todo = [_Part(child) for child in reversed(tree.children)]
    done: list[_Part] = []
    while todo:
        part = todo.pop()
        if not part.tree.is_leaf and _is_dissolved(part, done, category):
            modifier = part.from_modifier or category in _NOUN_PHRASES
            todo.extend(_Part(child, modifier) for child in reversed(part.tree.children))
        else:
            done.append(part)
    return _with_adverbs_dissolved(done) if category == "VP" else done


def _is_dissolved(part: _Part, before: Sequence[_Part], category: str) -> bool:
    inner = part.category
    if inner == "X" or (inner in _NOMINAL_PIECES and category in _TAKE_NOMINAL_PIECES):
        return True
    if inner in _MODIFIERS_OF.get(category, ()):
        return not any(_stops_modifiers(earlier, category) for earlier in before)
    return category == "VP" and _continues_verb_group(part.tree, before)


def _stops_modifiers(part: _Part, category: str) -> bool:
    """Whether what follows this part modifies it and not the head: ``P.V. , [ADJP 61 years old]``."""
    if part.tree.is_leaf:
        return False
    if category == "ADJP":
        return part.category == "ADJP"
    if part.tree.label.endswith("-NOM"):
        return True
    return part.category in _NOUN_PHRASES and part.tree.children[-1].label != "POS"


def _continues_verb_group(tree: Tree, before: Sequence[_Part]) -> bool:
    """Rule 4: the tree is a VP, or an S that begins with one, with only words of the verb group before it."""
    if tree.category == "S":
        if not _WITH_INDEX.fullmatch(tree.label) or tree.children[0].category != "VP":
            return False
    elif tree.category != "VP":
        return False
    return bool(before) and all(_in_verb_group(part.tree) for part in before)


def _in_verb_group(tree: Tree) -> bool:
    if tree.is_leaf:
        return tree.label in _HEAD_TAGS["VP"] or tree.label in _ADVERBS
    return _is_plain_adverb(tree)


def _is_plain_adverb(tree: Tree) -> bool:
    return tree.category == "ADVP" and all(leaf.is_leaf or leaf.category == "ADVP" for leaf in tree.preorder())


def _with_adverbs_dissolved(parts: Sequence[_Part]) -> list[_Part]:
    last_verb = _head(parts, "VP")
    dissolved: list[_Part] = []
    for i, part in enumerate(parts):
        if i < last_verb and _is_plain_adverb(part.tree):
            dissolved.extend(_Part(leaf) for leaf in part.tree.leaves())
        else:
            dissolved.append(part)
    return dissolved
