"""Head words of constituents by percolation, for trees that come without dependencies.

The rules are those of Collins (1999), "Head-Driven Statistical Models for Natural Language Parsing", appendix A, with
the labels of later treebanks added (NML is treated as NP). They choose syntactic heads: the preposition of a PP, the
first verb, modal or ``to`` of a VP. Universal Dependencies choose content words instead (the noun, the main verb).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.data.constituents import Tree


class _Rule(NamedTuple):
    """Which part heads a constituent: the first category of the list that a part has, searched from one end."""

    from_left: bool
    categories: tuple[str, ...]


def _left(categories: str = "") -> _Rule:
    return _Rule(from_left=True, categories=tuple(categories.split()))


def _right(categories: str = "") -> _Rule:
    return _Rule(from_left=False, categories=tuple(categories.split()))


_RULES = {
    "ADJP": _left("NNS QP NN $ ADVP JJ VBN VBG ADJP JJR NP JJS DT FW RBR RBS SBAR RB"),
    "ADVP": _right("RB RBR RBS FW ADVP TO CD JJR JJ IN NP JJS NN"),
    "CONJP": _right("CC RB IN"),
    "FRAG": _right(),
    "INTJ": _left(),
    "LST": _right("LS :"),
    "NAC": _left("NN NNS NNP NNPS NP NAC EX $ CD QP PRP VBG JJ JJS JJR ADJP FW"),
    "PP": _right("IN TO VBG VBN RP FW"),
    "PRN": _left(),
    "PRT": _right("RP"),
    "QP": _left("$ IN NNS NN JJ RB DT CD NCD QP JJR JJS"),
    "RRC": _right("VP NP ADVP ADJP PP"),
    "S": _left("TO IN VP S SBAR ADJP UCP NP"),
    "SBAR": _left("WHNP WHPP WHADVP WHADJP IN DT S SQ SINV SBAR FRAG"),
    "SBARQ": _left("SQ S SINV SBARQ FRAG"),
    "SINV": _left("VBZ VBD VBP VB MD VP S SINV ADJP NP"),
    "SQ": _left("VBZ VBD VBP VB MD VP SQ"),
    "UCP": _right(),
    "VP": _left("TO VBD VBN MD VBZ VB VBG VBP VP ADJP NN NNS NP"),
    "WHADJP": _left("CC WRB JJ ADJP"),
    "WHADVP": _right("CC WRB"),
    "WHNP": _left("WDT WP WP$ WHADJP WHPP WHNP"),
    "WHPP": _right("IN TO FW"),
}
_OTHER = _left()

_NOUN_PHRASES = frozenset({"NP", "NX", "NML"})
_NOUN_PHRASE_STEPS = (
    _Rule(from_left=False, categories=("NN", "NNP", "NNPS", "NNS", "NX", "NML", "POS", "JJR")),
    _Rule(from_left=True, categories=("NP",)),
    _Rule(from_left=False, categories=("$", "ADJP", "PRN")),
    _Rule(from_left=False, categories=("CD",)),
    _Rule(from_left=False, categories=("JJ", "JJS", "RB", "QP")),
)
_PUNCTUATION = frozenset({",", ":", ".", "``", "''", "-LRB-", "-RRB-", "HYPH", "NFP", "-NONE-"})


def dependency_heads(tree: Tree) -> list[int]:
    """The head of each word, counted from 1, 0 for the word that heads the tree.

    A constituent's head word is that of its head part; the head words of its other parts depend on it.
    """
    nodes = list(tree.preorder())
    heads: list[int] = [0] * sum(node.is_leaf for node in nodes)
    position = len(heads)
    built: list[int] = []  # head words of the parts that stand to the right, the leftmost last
    for node in reversed(nodes):
        if node.is_leaf:
            built.append(position)
            position -= 1
            continue
        words = [built.pop() for _ in node.children]
        head = words[head_part(node)]
        for word in words:
            if word != head:
                heads[word - 1] = head
        built.append(head)
    return heads


def head_part(tree: Tree) -> int:
    """The index of the part that heads a constituent."""
    categories = [child.category for child in tree.children]
    head = _noun_phrase_head(categories) if tree.category in _NOUN_PHRASES else _head(tree.category, categories)
    return _first_of_coordination(head, categories)


def _head(category: str, categories: Sequence[str]) -> int:
    rule = _RULES.get(category, _OTHER)
    order = _order(categories, from_left=rule.from_left)
    for wanted in rule.categories:
        for i in order:
            if categories[i] == wanted:
                return i
    return next((i for i in order if categories[i] not in _PUNCTUATION), order[0])


def _noun_phrase_head(categories: Sequence[str]) -> int:
    """The search in a noun phrase: any of a step's categories counts, whichever is met first."""
    for step in _NOUN_PHRASE_STEPS:
        for i in _order(categories, from_left=step.from_left):
            if categories[i] in step.categories:
                return i
    order = _order(categories, from_left=False)
    return next((i for i in order if categories[i] not in _PUNCTUATION), order[0])


def _order(categories: Sequence[str], *, from_left: bool) -> Sequence[int]:
    positions = range(len(categories))
    return positions if from_left else positions[::-1]


def _first_of_coordination(head: int, categories: Sequence[str]) -> int:
    """The part before the conjunction that stands right before the head, as Collins has it: the first of two heads."""
    if head > 1 and categories[head - 1] == "CC" and categories[head - 2] not in _PUNCTUATION:
        return head - 2
    return head
