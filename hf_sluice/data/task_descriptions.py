"""What the tasks of the corpora label, in a few words each, for those who know the name of a task alone."""

from __future__ import annotations

_PENN = "part-of-speech tags of the Penn Treebank"
_UNIVERSAL = "universal part-of-speech tags"
_CHUNKS = "chunks as in CoNLL-2000, derived from constituents"
_ROLES = "the head words of predicates (V) and of their arguments, with PropBank's roles"
_NAMES = "names of persons, places and organisations"

_DESCRIPTIONS = {
    "broad_twitter": {"ner": _NAMES},
    "demo": {
        "pos": _PENN,
        "chunk": "chunks as in CoNLL-2000, known from the grammar",
        "ner": "names of persons, places, organisations and others, known from the grammar",
        "srl": "the head words of predicates (V) and of their arguments, known from the grammar",
    },
    "ewt": {"pos": _PENN, "upos": _UNIVERSAL, "chunk": _CHUNKS, "ner": _NAMES, "srl": _ROLES},
    "gum": {
        "pos": _PENN,
        "upos": _UNIVERSAL,
        "chunk": "chunks as in CoNLL-2000, derived from constituents that are parser output",
        "ner": (
            "mentions of entities of ten types, the outermost of nested ones; common nouns and pronouns included, "
            "unless named ones alone were asked for"
        ),
        "hyperlinks": "the words of hyperlinks",
    },
    "masc": {
        "pos": "part-of-speech tags of the Penn Treebank, mostly a tagger's",
        "chunk": "noun and verb chunks",
        "ner": "names of persons, places and organisations, and dates",
        "gold_pos": _PENN,
        "tree_chunk": _CHUNKS,
        "srl": _ROLES,
    },
    "ontonotes": {"pos": _PENN, "chunk": _CHUNKS, "ner": "names of 18 types", "srl": _ROLES},
    "semcor": {"supersense": "supersenses of nouns and verbs, as WordNet calls its files"},
    "streusle": {
        "mwe": "multiword expressions without a gap",
        "supersense": "supersenses of nouns and verbs, and of prepositions where they were asked for",
    },
    "wnut17": {"ner": "names of corporations, creative works, groups, places, persons and products"},
}


def describe_task(corpus: str, task: str) -> str | None:
    """What a task of a corpus labels; None where this is not known.

    Args:
        corpus: a name that ``load_corpus`` knows.
        task: one of its tasks.
    """
    return _DESCRIPTIONS.get(corpus, {}).get(task)
