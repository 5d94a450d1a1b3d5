from __future__ import annotations

from collections import Counter

from hf_sluice.data.constituents import Tree
from hf_sluice.data.corpora.masc_alignment import align
from hf_sluice.data.corpora.masc_tokens import Token
from tests.data.corpora.masc_documents import document, graf, node, region


def aligned(tokens: list[tuple[int, int]], words: list[tuple[int, int] | None]):
    regions = [region(f"r{i}", *place) for i, place in enumerate(words) if place]
    nodes = [node(f"w{i}", *([f"r{i}"] if place else []), label="tok", msd="X") for i, place in enumerate(words)]
    made = document("x" * 30, seg=graf(*regions), ptbtok=graf(*nodes))
    trees = [Tree("S", tuple(Tree("X", word=f"w{i}") for i in range(len(words))))]
    faults: Counter[str] = Counter()
    alignment = align(trees, made, [Token(*place, "w", "X", "") for place in tokens], faults)
    return alignment, faults["treebank word without place"]


def test_words_that_are_equal_joined_split_and_missing():
    alignment, faults = aligned([(0, 3), (4, 9), (10, 12), (12, 15), (16, 20)], [(0, 3), (4, 6), (6, 9), (10, 15)])
    assert alignment.pieces == ((0,), (1, 2), (3,), (3,), ())
    assert alignment.regions == ((0, 3), (4, 6), (6, 9), (10, 15))
    assert faults == 0


def test_a_word_that_is_covered_in_part_has_no_pieces():
    assert aligned([(0, 5), (6, 9)], [(0, 4), (5, 9)])[0].pieces == ((), (1,))


def test_words_that_share_a_place_have_none():
    alignment, faults = aligned([(0, 3), (4, 9), (10, 12)], [(0, 3), (4, 5), (4, 9), (10, 12), (10, 12)])
    assert alignment.regions == ((0, 3), None, None, None, None)
    assert alignment.pieces == ((0,), (), ())
    assert faults == 4


def test_all_that_a_long_word_overlaps_have_no_place():
    assert aligned([(0, 9)], [(0, 9), (1, 2), (3, 4), (10, 12)])[0].regions == (None, None, None, (10, 12))


def test_words_without_region_or_characters_have_no_place():
    alignment, faults = aligned([(0, 3)], [None, (0, 3), (3, 3)])
    assert alignment.regions == (None, (0, 3), None)
    assert (alignment.pieces, faults) == (((1,),), 2)
