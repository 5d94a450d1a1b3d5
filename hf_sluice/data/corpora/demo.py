"""The demo corpus: English-like sentences of four domains, made by a grammar from a seed; it needs no files.

The domains share constructions and a core of words, and differ in vocabulary, names and further constructions: train on
one and test on the others to see what carries over. Sentences are drawn independently; none occurs twice in the corpus.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo_domain_rules import DOMAIN_RULES
from hf_sluice.data.corpora.demo_grammar import Grammar, parse_rules
from hf_sluice.data.corpora.demo_lexicon import join_lexicons, parse_lexicon
from hf_sluice.data.corpora.demo_rules import CORE_RULES
from hf_sluice.data.corpora.demo_words import CORE_WORDS, DOMAIN_WORDS
from hf_sluice.data.corpora.selection import choose_tasks
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.errors import UserError
from hf_sluice.tasks import TaggingScheme, Task, TaskMetric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from hf_sluice.data.corpora.demo_grammar import LabelledWord
    from hf_sluice.data.corpus import TaggingCorpus

DOMAINS = tuple(DOMAIN_RULES)
"""The domains: news, chat, travel, recipes."""

_POS = ", . CC CD DT EX IN JJ MD NN NNP NNS POS PRP PRP$ RB RP TO UH VB VBD VBG VBN VBP VBZ WDT WP WRB"
_CHUNK = "O B-ADJP B-ADVP B-INTJ B-NP B-PP B-PRT B-SBAR B-VP I-ADJP I-NP I-VP"
_NER = "O B-LOC B-MISC B-ORG B-PER I-LOC I-ORG I-PER"
_SRL = "O ARG0 ARG1 ARG2 ARGM-COM ARGM-DIR ARGM-LOC ARGM-MNR ARGM-TMP V"

TASKS = (
    Task("pos", tuple(_POS.split())),
    Task("chunk", tuple(_CHUNK.split()), scheme=TaggingScheme.IOB2, metric=TaskMetric.SPAN_F1),
    Task("ner", tuple(_NER.split()), scheme=TaggingScheme.IOB2, metric=TaskMetric.SPAN_F1),
    Task("srl", tuple(_SRL.split())),
)
"""Penn Treebank parts of speech; chunks as in CoNLL-2000; PER, LOC, ORG and MISC; the head words of predicates (V) and
of their arguments (ARG0, ARGM-TMP, …), each word with the role that it bears in the outermost predicate."""

_PLACE = Place("<demo corpus>")


def load_demo_corpus(
    seed: int = 0, train_sentences: int = 1600, validation_sentences: int = 400, test_sentences: int = 400
) -> TaggingCorpus:
    """Makes the demo corpus, with all four tasks.

    The same arguments give the same corpus everywhere. The domains are of equal size in each split (the first ones have
    a sentence more where the number is no multiple of four), and their sentences alternate. Asking for fewer test
    sentences gives the first ones of those that asking for more gives, whatever the size of the other splits.

    Raises:
        UserError: a number of sentences that gives some domain none.
    """
    return load(
        seed=seed,
        train_sentences=train_sentences,
        validation_sentences=validation_sentences,
        test_sentences=test_sentences,
    )


def load(
    *,
    tasks: Sequence[str] | None = None,
    root: Path | None = None,  # noqa: ARG001  all corpora are loaded alike; this one needs no files
    seed: int = 0,
    train_sentences: int = 1600,
    validation_sentences: int = 400,
    test_sentences: int = 400,
) -> TaggingCorpus:
    """Makes the demo corpus as :func:`load_demo_corpus` does, with the tasks that are named."""
    chosen = choose_tasks(tasks, TASKS, "demo")
    sizes = {"test": test_sentences, "validation": validation_sentences, "train": train_sentences}
    seen: set[tuple[str, ...]] = set()
    splits = {split: list(_sentences(seed, split, size, seen)) for split, size in sizes.items()}
    return assemble({split: splits[split] for split in ("train", "validation", "test")}, chosen)


def _sentences(seed: int, split: str, size: int, seen: set[tuple[str, ...]]) -> Iterator[Sentence]:
    """Draws a split, leaving out sentences that were ``seen`` and adding its own to them."""
    if size < len(DOMAINS):
        raise UserError(
            f"corpus 'demo': {size} sentences for {split!r}; at least {len(DOMAINS)}, one per domain, needed"
        )
    # Python promises that random() gives the same numbers in every version, and of no other method.
    draws = {domain: random.Random(f"{seed}/{split}/{domain}").random for domain in DOMAINS}
    for number in range(size):
        domain = DOMAINS[number % len(DOMAINS)]
        words = _unseen(_grammar(domain), draws[domain], seen)
        yield Sentence(
            tokens=[w.word for w in words],
            layers={task.name: [getattr(w, task.name) for w in words] for task in TASKS},
            sent_id=f"{domain}-{split}-{number // len(DOMAINS) + 1:04}",
            domain=domain,
            place=_PLACE,
        )


def _unseen(grammar: Grammar, draw: Callable[[], float], seen: set[tuple[str, ...]]) -> list[LabelledWord]:
    while True:
        words = grammar.sentence(draw)
        key = tuple(w.word for w in words)
        if key not in seen:
            seen.add(key)
            return words


@cache
def _grammar(domain: str) -> Grammar:
    lexicon = join_lexicons(parse_lexicon(CORE_WORDS), parse_lexicon(DOMAIN_WORDS[domain]))
    return Grammar(parse_rules(CORE_RULES) | parse_rules(DOMAIN_RULES[domain]), lexicon)
