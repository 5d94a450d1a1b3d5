from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.data.assemble import assemble
from hf_sluice.data.load import load_corpus
from hf_sluice.data.scheme_conversion import convert_scheme
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import UserError
from hf_sluice.tagging import SPAN_SCHEMES, is_valid, label_set, spans_of
from hf_sluice.tasks import TaggingScheme, Task
from tests.data.layered_corpus import layered_corpus

TYPES = ("LOC", "PER")
schemes = st.sampled_from(SPAN_SCHEMES)


@st.composite
def layers(draw):
    """A scheme, and sentences of any of its labels, mostly ill-formed, with gaps; the first is long and complete."""
    scheme = draw(schemes)
    labels = st.sampled_from(label_set(TYPES, scheme))
    others = st.none() | st.lists(st.none() | labels, min_size=1, max_size=8)
    return scheme, [list(label_set(TYPES, scheme)), *draw(st.lists(others, max_size=4))]


def corpus_of(scheme, layers):
    sentences = [
        Sentence([f"w{i}" for i in range(len(labels or "w"))], {"ner": labels}, str(number))
        for number, labels in enumerate(layers)
    ]
    return assemble({"train": sentences}, [Task("ner", scheme=scheme, metric="span_f1", weight=0.5)])


def read(corpus, split="train"):
    names = corpus.tasks[0].labels
    return [
        labels if labels is None else [None if i is None else names[i] for i in labels]
        for labels in corpus[split][corpus.tasks[0].name]
    ]


def outside(labels):
    return ["O" if label is None else label for label in labels]


@given(layers(), schemes)
def test_the_spans_stay_and_are_well_formed_in_the_new_scheme(case, target):
    source, old = case
    new = read(convert_scheme(corpus_of(source, old), "ner", target))

    assert [labels is None for labels in new] == [labels is None for labels in old]
    for before, after in zip(old, new, strict=True):
        if before is not None:
            assert spans_of(outside(after), target) == spans_of(outside(before), source)
            assert is_valid(outside(after), target)
            assert [label is None for label in after] == [label is None for label in before]


@given(layers(), schemes)
def test_malformed_sentences_are_counted(case, target):
    source, old = case
    malformed = sum(not is_valid(outside(labels), source) for labels in old if labels is not None)

    expected = f"ner: {source} converted to {target}, {malformed} malformed sentences repaired"
    assert convert_scheme(corpus_of(source, old), "ner", target).notes == (expected,)


@given(layers(), schemes)
def test_the_label_set_depends_on_the_types_alone(case, target):
    source, old = case
    corpus = corpus_of(source, old)
    new = convert_scheme(corpus, "ner", target)

    assert new.tasks == (replace(corpus.tasks[0], scheme=target, labels=label_set(TYPES, target)),)
    assert new["train"].features["ner"].feature.names == list(label_set(TYPES, target))


def test_labels_of_bioes():
    corpus = corpus_of("IOB2", [["B-PER", "B-LOC", "I-LOC", None, "I-LOC", "I-LOC"], ["B-PER", "I-PER", "I-PER", "O"]])

    assert read(convert_scheme(corpus, "ner", "BIOES")) == [
        ["S-PER", "B-LOC", "E-LOC", None, "B-LOC", "E-LOC"],
        ["B-PER", "I-PER", "E-PER", "O"],
    ]


def test_everything_else_stays_and_all_splits_are_converted():
    corpus = layered_corpus()
    new = convert_scheme(corpus, "chunk", "BIOES")

    for split in corpus:
        assert new[split].column_names == corpus[split].column_names
        assert new[split].remove_columns("chunk").to_dict() == corpus[split].remove_columns("chunk").to_dict()
        assert new[split].features["chunk"].feature.names == ["O", "B-NP", "E-NP", "I-NP", "S-NP"]
    assert [new.tasks[i] for i in (0, 2)] == [corpus.tasks[i] for i in (0, 2)]
    assert new.tasks[1].scheme is TaggingScheme.BIOES
    assert new.notes == ("note", "chunk: IOB2 converted to BIOES, 0 malformed sentences repaired")


@pytest.mark.parametrize(
    ("task", "scheme", "message"),
    [
        ("ner", "BIOES", r"^scheme: there is no task 'ner'; there is pos, chunk, length$"),
        ("chunk", "BILOU", r"^task 'chunk': scheme 'BILOU' is not one of IOB1, IOB2, BIOES$"),
        ("chunk", "none", r"^task 'chunk': scheme 'none' is not one of IOB1, IOB2, BIOES$"),
        ("pos", "BIOES", r"^task 'pos': its labels mark no spans that could be written in the scheme BIOES$"),
        ("length", "IOB2", r"^task 'length': its labels mark no spans that could be written in the scheme IOB2$"),
    ],
)
def test_what_cannot_be_converted_is_refused(task, scheme, message):
    with pytest.raises(UserError, match=message):
        convert_scheme(layered_corpus(), task, scheme)


@pytest.mark.real_data
def test_published_names_in_another_scheme(data_root):
    corpus = load_corpus("ewt", root=data_root, tasks=["ner"])
    new = convert_scheme(corpus, "ner", "BIOES")

    assert read(convert_scheme(new, "ner", "IOB2"), "test") == read(convert_scheme(corpus, "ner", "IOB2"), "test")
