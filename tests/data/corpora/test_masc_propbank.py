from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hf_sluice.data.constituents import Tree
from hf_sluice.data.corpora.masc_propbank import document_roles, read_propbank
from tests.data.corpora.masc_documents import pack

if TYPE_CHECKING:
    from pathlib import Path

# "uh [CODE] Ann saw dogs [SU]": the markup has no counterpart in the tree.
ROWS = (
    ("CODE", "(TOP(S*", "-", "-", "*"),
    ("NNP", "(NP*", "-", "-", "(ARG0*"),
    ("CODE", "*)", "-", "-", "*)"),
    ("VBD", "(VP*", "see", "see.01", "(V*)"),
    ("NNS", "(NP*)))", "-", "-", "(ARG1*)"),
    ("SU", "*)", "-", "-", "*"),
)


def sentence(number: int, rows=ROWS, document: str = "a") -> str:
    lines = [f"{document} {number} {i} [WORD] " + " ".join(row) for i, row in enumerate(rows)]
    return "\n".join(lines) + "\n\n"


def only_markup(number: int) -> str:
    return f"a {number} 0 [WORD] CODE (TOP*) - -\n\n"


def leaf(tag: str) -> Tree:
    return Tree(tag, word="w")


def tree(*more: str, verb: str = "VBD") -> Tree:
    subject = Tree("NP-SBJ", (leaf("NNP"),))
    return Tree("S", (subject, Tree("VP", (leaf(verb), Tree("NP", (leaf("NNS"),)))), *map(leaf, more)))


def roles(folder: Path, text: str, trees: list[Tree]):
    pack(folder / "x.tar.xz", {"data/00/a.gold_skel": text})
    faults: Counter[str] = Counter()
    found = document_roles(trees, read_propbank(folder / "x.tar.xz", faults)["a"], faults)
    return found, +faults


def test_markup_is_passed_over(tmp_path: Path):
    found, faults = roles(tmp_path, only_markup(0) + sentence(1), [tree()])
    assert found == [["ARG0", "V", "ARG1"]]
    assert not faults


def test_a_full_stop_that_one_side_lacks_makes_no_difference(tmp_path: Path):
    stopped = (*ROWS[:-1], (".", "*", "-", "-", "*"), ("SU", "*)", "-", "-", "*"))
    assert roles(tmp_path, sentence(0, stopped), [tree()])[0] == [["ARG0", "V", "ARG1"]]
    assert roles(tmp_path, sentence(0), [tree(".")])[0] == [["ARG0", "V", "ARG1", "O"]]


def test_a_tree_with_other_tags_has_no_roles(tmp_path: Path):
    trees = [tree() for _ in range(20)]
    trees[5] = tree(verb="VBZ")
    found, faults = roles(tmp_path, "".join(map(sentence, range(20))), trees)
    assert [row is None for row in found] == [i == 5 for i in range(20)]
    assert faults == {"tree without roles": 1}


def test_sentences_are_matched_in_order_where_one_side_has_more(tmp_path: Path):
    other = (*ROWS[:3], ("VBZ", *ROWS[3][1:]), *ROWS[4:])
    found, faults = roles(tmp_path, sentence(0) + sentence(1, other) + sentence(2), [tree(verb="VBZ"), tree()])
    assert found == [["ARG0", "V", "ARG1"]] * 2
    assert not faults


def test_a_document_of_which_little_matches_has_no_roles(tmp_path: Path):
    found, faults = roles(tmp_path, sentence(0), [tree(), tree(verb="VBZ")])
    assert found == [None, None]
    assert faults == {"document unlike propbank": 1}


def test_a_document_that_is_not_in_propbank_has_no_roles():
    faults: Counter[str] = Counter()
    assert document_roles([tree()], [], faults) == [None]
    assert +faults == {"tree without roles": 1}


def test_malformed_sentences_are_left_out(tmp_path: Path):
    ragged = sentence(0, (ROWS[1][:4], *ROWS[2:]))
    unclosed = sentence(1, ROWS[:2])
    found, faults = roles(tmp_path, ragged + unclosed + sentence(2), [tree()])
    assert found == [["ARG0", "V", "ARG1"]]
    assert faults == {"faulty skeleton": 2}
