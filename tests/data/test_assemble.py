from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.data.assemble import assemble
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

POS = Task("pos", labels=("N", "V"))
TIME = Task("time", kind="regression", metric="spearman")
SENTENCE = Sentence(["a", "b"], {"pos": ["V", "N"], "time": [1, 2.5]}, "s1", "news", Place("f.conll", 7))


def test_columns_are_those_of_the_convention():
    train = assemble({"train": [SENTENCE]}, [POS, TIME])["train"]
    assert train.column_names == ["tokens", "pos", "time", "domain", "sent_id"]
    assert train.features["pos"].feature.names == ["N", "V"]
    assert train[0] == {"tokens": ["a", "b"], "pos": [1, 0], "time": [1.0, 2.5], "domain": 0, "sent_id": "s1"}


words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=4)


@st.composite
def sentences(draw):
    tokens = draw(st.lists(words, min_size=1, max_size=4))
    size = len(tokens)
    pos = st.lists(st.sampled_from(["N", "V", None]), min_size=size, max_size=size)
    time = st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=size, max_size=size)
    layers = {"pos": draw(pos | st.none()), "time": draw(time | st.none())}
    return Sentence(tokens, layers, draw(words), draw(st.sampled_from(["web", "news", None])))


@given(read=st.lists(sentences(), min_size=1, max_size=5))
def test_what_goes_in_comes_out(read):
    corpus = assemble({"train": iter(read)}, [POS, TIME])
    names = corpus["train"].features["domain"].names
    back = [
        Sentence(
            row["tokens"],
            {
                "pos": None if row["pos"] is None else [None if i is None else POS.labels[i] for i in row["pos"]],
                "time": row["time"],
            },
            row["sent_id"],
            None if row["domain"] is None else names[row["domain"]],
        )
        for row in corpus["train"]
    ]
    assert back == read


def test_domains_are_the_sorted_union_of_all_splits():
    splits = {"train": [replace(SENTENCE, domain="web")], "test": [replace(SENTENCE, domain="mail"), SENTENCE]}
    corpus = assemble(splits, [POS])
    assert corpus.domains == ("mail", "news", "web")
    assert corpus["train"]["domain"][:] == [2]
    assert corpus["test"]["domain"][:] == [0, 1]


def test_a_corpus_may_have_no_domains():
    corpus = assemble({"train": [replace(SENTENCE, domain=None)]}, [POS])
    assert corpus.domains == ()
    assert corpus["train"][0]["domain"] is None


def test_labels_are_taken_from_train_alone():
    splits = {"train": [SENTENCE], "test": [replace(SENTENCE, layers={"pos": ["V", "X"]})]}
    with pytest.raises(DataError) as caught:
        assemble(splits, [Task("pos")])
    assert str(caught.value) == "f.conll:7: task 'pos': label 'X' is not one of N, V (word 2, 'b')"


def test_tasks_and_notes_are_kept():
    corpus = assemble({"train": [SENTENCE]}, [Task("pos"), TIME], notes=["99 % aligned"])
    assert corpus.tasks == (POS, TIME)
    assert corpus.notes == ("99 % aligned",)


def test_long_sentences_are_not_cut():
    long = replace(SENTENCE, tokens=["w"] * 5000, layers={"pos": ["N"] * 5000})
    assert len(assemble({"train": [long]}, [POS])["train"][0]["tokens"]) == 5000


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        (replace(SENTENCE, tokens=[]), "f.conll:7: sentence 's1' has no words; at least one is needed"),
        (replace(SENTENCE, tokens=["a", ""]), "f.conll:7: word 2 of sentence 's1' is empty"),
        (
            replace(SENTENCE, layers={"pos": ["N"]}),
            "f.conll:7: task 'pos': 1 labels for the 2 words of sentence 's1'",
        ),
        (
            replace(SENTENCE, layers={"pos": ["N", "X"]}),
            "f.conll:7: task 'pos': label 'X' is not one of N, V (word 2, 'b')",
        ),
        (
            replace(SENTENCE, layers={"time": [1.0, float("nan")]}),
            "f.conll:7: task 'time': nan is not a finite number (word 2, 'b')",
        ),
        (
            replace(SENTENCE, layers={"time": ["1.0", 2.0]}),
            "f.conll:7: task 'time': '1.0' is not a finite number (word 1, 'a')",
        ),
    ],
)
def test_a_bad_sentence_is_named_with_its_place(sentence, message):
    with pytest.raises(DataError) as caught:
        assemble({"train": [SENTENCE], "test": [sentence]}, [POS, TIME])
    assert str(caught.value) == message


def test_an_empty_split_is_named():
    with pytest.raises(DataError, match="split 'test': no sentences"):
        assemble({"train": [SENTENCE], "test": iter(())}, [POS])


@pytest.mark.parametrize("name", ["tokens", "domain", "sent_id"])
def test_a_task_cannot_take_the_name_of_another_column(name):
    with pytest.raises(UserError, match=f"'{name}': the name is taken"):
        assemble({"train": [SENTENCE]}, [Task(name, labels=("N",))])


def test_two_tasks_cannot_have_one_name():
    with pytest.raises(UserError, match="two tasks have this name"):
        assemble({"train": [SENTENCE]}, [POS, POS])
