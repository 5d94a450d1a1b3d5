"""Chunks of sentences analysed by hand, one group per rule, and properties that hold for every tree."""

from __future__ import annotations

import random

import pytest

from hf_sluice.data.chunks import CHUNK_TYPES, chunk_labels
from hf_sluice.data.constituents import Tree, without_empty_elements
from hf_sluice.data.formats.trees import read_trees


def tree(text: str) -> Tree:
    ((_, read),) = read_trees([(1, text)], "test")
    return read


def bracketed(read: Tree) -> str:
    """``[NP He] [VP reckons] .``"""
    filled = without_empty_elements(read)
    assert filled is not None
    shown = ""
    inside = False
    for word, label in zip(filled.words(), chunk_labels(read), strict=True):
        if inside and not label.startswith("I-"):
            shown += "]"
        shown += f" [{label[2:]} {word}" if label.startswith("B-") else f" {word}"
        inside = label != "O"
    return (shown + ("]" if inside else "")).strip()


SENTENCES = {
    "the example of the task description": (
        (
            "(S (NP (PRP He)) (VP (VBZ reckons) (SBAR (-NONE- 0) (S (NP (DT the) (JJ current) (NN account) (NN"
            " deficit))"
            " (VP (MD will) (VP (VB narrow) (PP (TO to) (NP (QP (RB only) (# #) (CD 1.8) (CD billion))))"
            " (PP (IN in) (NP (NNP September)))))))) (. .))"
        ),
        (
            "[NP He] [VP reckons] [NP the current account deficit] [VP will narrow] [PP to] [NP only # 1.8 billion] "
            "[PP in] [NP September] ."
        ),
    ),
    "possessive before a noun": (
        "(S (NP (NP (NNP Eastern) (NNPS Airlines) (POS ')) (NNS creditors)) (VP (VBP wait)) (. .))",
        "[NP Eastern Airlines] [NP ' creditors] [VP wait] .",
    ),
    "possessive before adjectives": (
        "(NP (NP (DT the) (NN party) (POS 's)) (ADJP (RBS most) (JJ senior)) (NNS members))",
        "[NP the party] [NP 's most senior members]",
    ),
    "possessive at the end of its phrase": (
        "(S (NP (PRP It)) (VP (VBZ is) (NP (NNP Ann) (POS 's))) (. .))",
        "[NP It] [VP is] [NP Ann] [NP 's] .",
    ),
    "possessive in a flat phrase": ("(NP (NNP Ann) (POS 's) (NN dog))", "[NP Ann] [NP 's dog]"),
    "possessive inside NML": ("(NP (DT a) (NML (NNS men) (POS 's)) (NN store))", "[NP a men] [NP 's store]"),
    "verb group with modal, negation, infinitive": (
        (
            "(S (NP (NNP Mr.) (NNP Icahn)) (VP (MD may) (RB not) (VP (VB want) (S (NP-SBJ (-NONE- *)) (VP (TO to)"
            " (VP (VB sell) (NP (NN stock))))))))"
        ),
        "[NP Mr. Icahn] [VP may not want to sell] [NP stock]",
    ),
    "infinitive without empty subject": (
        "(S (NP (PRP She)) (VP (VBD began) (S (VP (VBG appearing) (PP (IN in) (NP (NNS films)))))))",
        "[NP She] [VP began appearing] [PP in] [NP films]",
    ),
    "purpose clause with its function tag": (
        "(S (NP (PRP She)) (VP (VBD went) (S-PRP (NP-SBJ (-NONE- *)) (VP (TO to) (VP (VB see) (NP (PRP him)))))))",
        "[NP She] [VP went] [VP to see] [NP him]",
    ),
    "clause with a subject of its own": (
        "(S (NP (PRP They)) (VP (VBD wanted) (S (NP (PRP him)) (VP (TO to) (VP (VB go))))))",
        "[NP They] [VP wanted] [NP him] [VP to go]",
    ),
    "adverb phrase before the main verb": (
        "(S (NP (PRP This)) (VP (MD could) (ADVP (RB very) (RB well)) (VP (VB happen) (ADVP (RB soon)))))",
        "[NP This] [VP could very well happen] [ADVP soon]",
    ),
    "adverb phrase with a noun phrase in it": (
        "(S (NP (PRP He)) (VP (VBD had) (ADVP (NP (CD two) (NNS years)) (RBR earlier)) (VP (VBN left))))",
        "[NP He] [VP had] [NP two years] [ADVP earlier] [VP left]",
    ),
    "predicative adjective": (
        "(S (NP (PRP They)) (VP (VBP are) (ADJP (ADVP (RB very)) (JJ unhappy) (S (VP (TO to) (VP (VB go)))))))",
        "[NP They] [VP are] [ADJP very unhappy] [VP to go]",
    ),
    "adjective phrase with a measure": (
        "(S (NP (PRP He)) (VP (VBZ is) (ADJP (NP (CD 68) (NNS years)) (JJ old))))",
        "[NP He] [VP is] [NP 68 years] [ADJP old]",
    ),
    "adjective phrase behind an apposed noun phrase": (
        "(NP (NP (NNP Pierre) (NNP Vinken)) (, ,) (ADJP (NP (CD 61) (NNS years)) (JJ old)) (, ,))",
        "[NP Pierre Vinken] , [NP 61 years] [ADJP old] ,",
    ),
    "adjective phrase behind a pronoun": ("(NP (NN something) (ADJP (RB very) (JJ nice)))", "[NP something very nice]"),
    "modifiers before the noun with all their words": (
        (
            "(NP (DT a) (ADJP (NML (NN state)) (HYPH -) (PP (IN of) (HYPH -) (NP (DT the) (HYPH -) (NN art))))"
            " (NN system))"
        ),
        "[NP a state - of - the - art system]",
    ),
    "adverb phrase before the noun": ("(NP (ADVP (RB almost)) (DT every) (NN day))", "[NP almost every day]"),
    "coordinated modifiers": (
        "(NP (DT a) (UCP (NN state) (CC and) (JJ local)) (NN utility))",
        "[NP a state and local utility]",
    ),
    "pieces of noun phrases": (
        "(NP (DT the) (NX (NX (NN cat)) (CC and) (NX (QP (CD two) (CC or) (CD three)) (NNS dogs))))",
        "[NP the cat and two or three dogs]",
    ),
    "quantity outside of a noun phrase": ("(FRAG (QP (RB about) (CD 5)) (. .))", "[NP about 5] ."),
    "inverted sentence": (
        (
            "(SINV (CONJP (RB Not) (RB only)) (VBZ does) (NP (PRP$ your) (NN product)) (VP (VB have) (S (VP (TO to)"
            " (VP (VB be) (ADJP (JJ excellent)))))))"
        ),
        "[CONJP Not only] does [NP your product] [VP have to be] [ADJP excellent]",
    ),
    "complementizers": (
        (
            "(S (SBAR (RB even) (IN though) (S (NP (EX there)) (VP (VBD was) (NP (NN rain))))) (, ,) (NP (PRP we))"
            " (VP (VBD said) (SBAR (IN that) (S (NP (PRP he)) (VP (VBD left))))))"
        ),
        "[SBAR even though] [NP there] [VP was] [NP rain] , [NP we] [VP said] [SBAR that] [NP he] [VP left]",
    ),
    "in order to": (
        "(SBAR (IN in) (NN order) (S (VP (TO to) (VP (VB win)))))",
        "[SBAR in] order [VP to win]",
    ),
    "relative clauses": (
        (
            "(NP (NP (DT the) (NN man)) (SBAR (WHNP (WP$ whose) (NN dog)) (S (VP (VBD ran)))) (SBAR (WHADVP (WRB when))"
            " (S (NP (PRP we)) (VP (VBD slept)))) (SBAR (WHPP (IN of) (WHNP (WDT which))) (S (NP (PRP I)) (VP"
            " (VBP know)))))"
        ),
        "[NP the man] [NP whose dog] [VP ran] [ADVP when] [NP we] [VP slept] [PP of] [NP which] [NP I] [VP know]",
    ),
    "question": (
        "(SBARQ (WHNP (WHADJP (WRB How) (JJ many)) (NNS dogs)) (SQ (VBP do) (NP (PRP you)) (VP (VB see))) (. ?))",
        "[NP How many dogs] do [NP you] [VP see] ?",
    ),
    "prepositions of several words": (
        (
            "(PP (PP (JJ such) (IN as) (NP (NN tea))) (PP (RB even) (IN in) (NP (NN rain))) (PP (VBG according)"
            " (PP (TO to)"
            " (NP (PRP him)))) (PP (IN out) (PP (IN of) (NP (NN town)))))"
        ),
        "[PP such as] [NP tea] [PP even in] [NP rain] [PP according] [PP to] [NP him] [PP out] [PP of] [NP town]",
    ),
    "coordinated prepositions and prepositional phrases": (
        (
            "(S (PP (IN for) (CC and) (IN against) (NP (PRP it))) (PP (PP (IN in) (NP (NN rain))) (CC and) (PP (IN in)"
            " (NP (NN sun)))) (PP (CC but) (NP (PRP him))))"
        ),
        "[PP for and against] [NP it] [PP in] [NP rain] and [PP in] [NP sun] [PP but] [NP him]",
    ),
    "particle, interjection, list mark": (
        (
            "(S (LST (LS 1) (. .)) (INTJ (UH Oh)) (, ,) (NP (PRP she)) (VP (VBD took) (PRT (RP off)) (NP (PRP$"
            " her) (NN hat))))"
        ),
        "[LST 1] . [INTJ Oh] , [NP she] [VP took] [PRT off] [NP her hat]",
    ),
    "coordination of words": (
        "(S (NP (NNS dogs) (CC and) (NNS cats)) (VP (VBP eat) (CC and) (VBP drink)))",
        "[NP dogs and cats] [VP eat and drink]",
    ),
    "coordination of phrases": (
        (
            "(S (NP (NP (DT the) (NN dog)) (CONJP (RB as) (RB well) (IN as)) (NP (DT a) (NN cat))) (VP (MD will)"
            " (VP (VP"
            " (VB eat) (NP (NN fish))) (CC and) (VP (VB drink)))))"
        ),
        "[NP the dog] [CONJP as well as] [NP a cat] [VP will eat] [NP fish] and [VP drink]",
    ),
    "words cut off from their head": (
        "(S (NP (PRP He)) (VP (VBD ran) (NP (NN home)) (CC and) (VBD hid)))",
        "[NP He] [VP ran] [NP home] and [VP hid]",
    ),
    "words behind the head": ("(NP (`` ``) (NNP Emma) ('' ''))", "[NP `` Emma] ''"),
    "clause parts without a phrase": ("(FRAG (CC And) (: -) (NP (ADD ann@b.org)))", "And - [NP ann@b.org]"),
    "unknown phrases are looked through": ("(S (X (SYM *) (NP (PRP We))) (VP (VBP go)))", "* [NP We] [VP go]"),
}


@pytest.mark.parametrize("rule", SENTENCES)
def test_sentence_analysed_by_hand(rule: str):
    text, chunks = SENTENCES[rule]
    assert bracketed(tree(text)) == chunks


@pytest.mark.parametrize("rule", SENTENCES)
def test_outer_brackets_and_traces_change_nothing(rule: str):
    read = tree(SENTENCES[rule][0])
    assert chunk_labels(Tree("TOP", (read,))) == chunk_labels(read)
    assert chunk_labels(Tree("S", (read, Tree("NP", (Tree("-NONE-", word="*"),))))) == chunk_labels(read)


@pytest.mark.parametrize("rule", SENTENCES)
def test_function_tags_of_phrases_change_nothing(rule: str):
    def tagged(node: Tree) -> Tree:
        label = f"{node.label}-TMP" if node.category in {"NP", "PP", "ADVP", "ADJP", "VP", "SBAR"} else node.label
        return Tree(label, tuple(map(tagged, node.children)), node.word)

    read = tree(SENTENCES[rule][0])
    assert chunk_labels(tagged(read)) == chunk_labels(read)


def test_all_types_of_the_task_description_occur_in_the_hand_made_sentences():
    seen = {label[2:] for text, _ in SENTENCES.values() for label in chunk_labels(tree(text)) if label != "O"}
    ucp = chunk_labels(tree("(UCP (NN work) (CC and) (JJ free))"))
    assert ucp == ["B-UCP", "I-UCP", "I-UCP"]
    assert seen | {"UCP"} == set(CHUNK_TYPES)


def random_tree(generator: random.Random, depth: int) -> Tree:
    if depth == 0 or generator.random() < 0.3:
        return Tree(
            generator.choice(
                [
                    "NN",
                    "DT",
                    "JJ",
                    "RB",
                    "VB",
                    "MD",
                    "TO",
                    "IN",
                    "CC",
                    "POS",
                    "CD",
                    ",",
                    ".",
                    "UH",
                    "LS",
                    "-NONE-",
                    "HYPH",
                ]
            ),
            word="w",
        )
    label = generator.choice(
        [
            "S",
            "NP",
            "VP",
            "PP",
            "ADVP",
            "ADJP",
            "SBAR",
            "NML",
            "NX",
            "QP",
            "UCP",
            "WHNP",
            "FRAG",
            "X",
            "PRN",
            "CONJP",
            "S-ADV",
            "NP-SBJ",
            "NAC",
        ]
    )
    return Tree(label, tuple(random_tree(generator, depth - 1) for _ in range(generator.randint(1, 4))))


def test_any_tree_gives_one_valid_iob2_label_per_word():
    generator = random.Random(1)
    for _ in range(3000):
        read = Tree("TOP", (random_tree(generator, 5),))
        labels = chunk_labels(read)
        assert len(labels) == sum(tag != "-NONE-" for tag in read.tags())
        for before, label in zip(["O", *labels], labels, strict=False):
            assert label == "O" or label[2:] in CHUNK_TYPES
            assert not label.startswith("I-") or before[2:] == label[2:]


def test_a_tree_of_great_depth():
    node = Tree("VP", (Tree("VB", word="go"),))
    for _ in range(3000):
        node = Tree("S", (Tree("NP", (Tree("PRP", word="it"),)), Tree("VP", (Tree("VBZ", word="is"), node))))
    labels = chunk_labels(node)
    assert labels[:2] == ["B-NP", "B-VP"]
    assert len(labels) == 6001
