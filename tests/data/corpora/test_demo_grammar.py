from __future__ import annotations

import random
from collections import Counter

import pytest

from hf_sluice.data.corpora.demo_domain_rules import DOMAIN_RULES
from hf_sluice.data.corpora.demo_grammar import Grammar, parse_rules
from hf_sluice.data.corpora.demo_lexicon import join_lexicons, parse_lexicon
from hf_sluice.data.corpora.demo_rules import CORE_RULES
from hf_sluice.data.corpora.demo_words import CORE_WORDS, DOMAIN_WORDS

LEXICON = parse_lexicon("name: Ann\nnoun: apple\nframe eat: person food | eat/ate/eaten")


def labelled(rules: str, seed: int = 0):
    words = Grammar(parse_rules("Sentence:\n" + rules), LEXICON).sentence(random.Random(seed).random)
    return [(w.word, w.pos, w.chunk, w.ner, w.srl) for w in words]


def test_words_come_with_their_labels():
    assert labelled("1 [NP {PER name:NNP=ARG0 } ] [VP has/VBZ eat:VBN=V ] [NP two/CD noun:NNS=ARG1 ] ./.") == [
        ("Ann", "NNP", "B-NP", "B-PER", "ARG0"),
        ("has", "VBZ", "B-VP", "O", "O"),
        ("eaten", "VBN", "I-VP", "O", "V"),
        ("two", "CD", "B-NP", "O", "O"),
        ("apples", "NNS", "I-NP", "O", "ARG1"),
        (".", ".", "O", "O", "O"),
    ]


def test_adjacent_spans_of_a_type_are_told_apart():
    rows = labelled("1 [NP {PER name:NNP } ] [NP {PER name:NNP name:NNP } ]")

    assert [(chunk, ner) for *_, chunk, ner, _ in rows] == [("B-NP", "B-PER"), ("B-NP", "B-PER"), ("I-NP", "I-PER")]


def test_an_entity_may_run_over_several_chunks():
    rows = labelled("1 [NP {ORG name:NNP ] [PP of/IN ] [NP name:NNP } ]")

    assert [(chunk, ner) for *_, chunk, ner, _ in rows] == [("B-NP", "B-ORG"), ("B-PP", "I-ORG"), ("B-NP", "I-ORG")]


def test_the_last_item_is_the_head_unless_one_is_marked():
    assert [row[4] for row in labelled("1 X=ARG1\nX:\n1 a/DT noun:NN")] == ["O", "ARG1"]
    assert [row[4] for row in labelled("1 X=ARG1\nX:\n1 ^name:NNP and/CC name:NNP")] == ["ARG1", "O", "O"]


def test_brackets_are_no_heads():
    assert [row[4] for row in labelled("1 X=ARG1\nX:\n1 [NP {PER name:NNP } ]")] == ["ARG1"]


def test_the_head_of_a_head_bears_the_role():
    rows = labelled("1 X=ARG0\nX:\n1 ^Y the/DT noun:NN\nY:\n1 my/PRP$ noun:NN")

    assert [row[4] for row in rows] == ["O", "ARG0", "O", "O"]


def test_of_nested_roles_the_outermost_counts():
    assert [row[4] for row in labelled("1 X=ARG0\nX:\n1 noun:NN=ARG1")] == ["ARG0"]


def test_optional_items_are_left_out_half_the_time():
    lengths = Counter(len(labelled("1 name:NNP noun:NN?", seed)) for seed in range(1000))

    assert lengths[1] + lengths[2] == 1000
    assert lengths[1] == pytest.approx(500, abs=60)


def test_a_question_mark_can_be_a_word():
    assert labelled("1 who/WP ?/.")[-1][:2] == ("?", ".")


def test_weights_are_proportions():
    counts = Counter(labelled("3 x/A\n1 y/B", seed)[0][1] for seed in range(1000))

    assert counts["A"] == pytest.approx(750, abs=60)


def test_a_family_stands_for_what_has_no_entry_of_its_own():
    rules = "1 X.noun X.name\nX.@:\n1 @:NN\nX.name:\n1 @:NNP @:NNP"

    assert [row[0] for row in labelled(rules)] == ["Apple", "Ann", "Ann"]


def test_a_frame_gives_the_classes_of_its_arguments():
    rules = "1 Clause.eat\nClause.@:\n1 N.@0 @:VBD N.@1\nN.person:\n1 name:NNP\nN.food:\n1 an/DT noun:NN"

    assert " ".join(row[0] for row in labelled(rules)) == "Ann ate an apple"


@pytest.mark.parametrize(
    ("following", "article"),
    [("apple", "an"), ("pear", "a"), ("Italian", "an"), ("union", "a"), ("uncle", "an"), ("12", "a")],
)
def test_the_article_fits_the_word_after_it(following, article):
    assert labelled(f"1 is/VBZ a/DT {following}/X")[1][0] == article


def test_an_item_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not an item of the grammar: '='"):
        labelled("1 =")


def test_an_unknown_symbol_or_category_is_an_error():
    with pytest.raises(KeyError, match="Missing"):
        labelled("1 Missing")
    with pytest.raises(KeyError, match="missing"):
        labelled("1 missing:NN")


@pytest.fixture(scope="module")
def walks():
    return {domain: Walk(domain) for domain in DOMAIN_RULES}


class Walk:
    """Everything that the sentences of a domain can reach."""

    def __init__(self, domain: str) -> None:
        self.lexicon = join_lexicons(parse_lexicon(CORE_WORDS), parse_lexicon(DOMAIN_WORDS[domain]))
        self.rules = parse_rules(CORE_RULES) | parse_rules(DOMAIN_RULES[domain])
        self.grammar = Grammar(self.rules, self.lexicon)
        self.symbols: set[str] = set()
        self.categories: set[str] = set()
        self.expansions: list[tuple[str, list[str]]] = []
        self._visit("Sentence")

    def _visit(self, symbol: str) -> None:
        if symbol in self.symbols:
            return
        self.symbols.add(symbol)
        for items in self.grammar.expansions(symbol).items:
            names = [item.name for item in items]
            self.expansions.append((symbol, names))
            for name in names:
                if name in ("]", "}") or name[0] in "[{" or "/" in name:
                    continue
                if ":" in name:
                    self.categories.add(name.split(":")[0])
                else:
                    self._visit(name)


def test_every_category_of_every_domain_has_words(walks):
    for domain, walk in walks.items():
        assert {category for category in walk.categories if not walk.lexicon.words.get(category)} == set(), domain


def test_brackets_are_closed_in_the_expansion_that_opens_them(walks):
    for walk in walks.values():
        for symbol, names in walk.expansions:
            for opening, closing in ("[]", "{}"):
                depths = [0]
                for name in names:
                    depths.append(depths[-1] + (name[0] == opening) - (name == closing))
                assert depths[-1] == 0, (symbol, names)
                assert set(depths) <= {0, 1}, (symbol, names)


def test_every_rule_is_used_in_some_domain(walks):
    for domain, walk in walks.items():
        reached = walk.symbols | {f"{symbol.partition('.')[0]}.@" for symbol in walk.symbols - set(walk.rules)}
        assert set(parse_rules(DOMAIN_RULES[domain])) <= reached, domain
    everything = set().union(*(walk.symbols for walk in walks.values()))
    families = {f"{symbol.partition('.')[0]}.@" for symbol in everything}
    assert set(parse_rules(CORE_RULES)) <= everything | families


def test_every_word_can_be_drawn_in_some_domain(walks):
    for domain, walk in walks.items():
        own = parse_lexicon(DOMAIN_WORDS[domain])
        assert (set(own.words) | set(own.coinings) | set(own.frames)) <= walk.categories, domain
    core = parse_lexicon(CORE_WORDS)
    everywhere = set().union(*(walk.categories for walk in walks.values()))
    assert (set(core.words) | set(core.coinings)) <= everywhere


def test_every_coined_category_has_common_words_too(walks):
    for walk in walks.values():
        assert {category for category in walk.lexicon.coinings if not walk.lexicon.words.get(category)} == set()
