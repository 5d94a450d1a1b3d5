from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.domains import keep_domains
from hf_sluice.data.sampling import limit_sentences
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.union import unite
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task
from tests.data.layered_corpus import CHUNK, LENGTH, POS, layered_corpus

NER = Task("ner", scheme="IOB2", metric="span_f1")


def corpus_of(task, *layers, domain=None, splits=("train", "test")):
    """The same sentences in each split, numbered from 0."""
    sentences = [
        Sentence([f"w{i}" for i in range(len(labels or "w"))], {task.name: labels}, str(number), domain)
        for number, labels in enumerate(layers)
    ]
    return assemble(dict.fromkeys(splits, sentences), [task])


def read(corpus, split="train"):
    """Per sentence its words, labels, domain and id, in words."""
    rows = []
    for row in corpus[split]:
        row["domain"] = None if row["domain"] is None else corpus.domains[row["domain"]]
        for task in corpus.tasks:
            if task.labels and row[task.name] is not None:
                row[task.name] = [None if i is None else task.labels[i] for i in row[task.name]]
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def layered():
    return layered_corpus()


@pytest.fixture(scope="module")
def names():
    return corpus_of(NER, ["B-PER", None, "O"], None, ["B-LOC"])


def test_sentences_follow_each_other_and_carry_the_tasks_of_their_part_alone(layered, names):
    united = unite({"a": layered, "b": names})

    assert united.tasks == (*layered.tasks, *names.tasks)
    for split in ("train", "test"):
        rows = read(united, split)
        for row in rows:
            row["sent_id"], row["domain"] = row["sent_id"][2:], row["domain"][2:] or None
        ours, theirs = rows[: len(layered[split])], rows[len(layered[split]) :]
        assert ours == [{**row, "ner": None} for row in read(layered, split)]
        assert theirs == [{**row, "pos": None, "chunk": None, "length": None} for row in read(names, split)]


def test_columns_and_features_are_those_of_any_corpus(layered, names):
    united = unite({"a": layered, "b": names})
    whole = assemble({"train": [Sentence(["w"], {"ner": ["O"]}, "0")]}, united.tasks)

    assert united["train"].column_names == ["tokens", "pos", "chunk", "length", "ner", "domain", "sent_id"]
    assert {**united["test"].features, "domain": None} == {**whole["train"].features, "domain": None}


def test_ids_and_domains_tell_the_parts_apart(names):
    mail = corpus_of(NER, ["O"], domain="mail")
    united = unite({"web": mail, "b": mail, "names": names})

    assert united["train"]["sent_id"][:] == ["web/0", "b/0", "names/0", "names/1", "names/2"]
    assert united.domains == ("web/mail", "b/mail", "names")
    assert united["train"]["domain"][:] == [0, 1, 2, 2, 2]
    assert keep_domains(united, ["names"])["train"]["sent_id"][:] == ["names/0", "names/1", "names/2"]


def test_a_sentence_without_domain_among_others_gets_that_of_its_part():
    sentences = [Sentence(["w"], {"ner": ["O"]}, str(i), domain) for i, domain in enumerate(["mail", None])]
    united = unite({"a": assemble({"train": sentences}, [NER]), "b": corpus_of(NER, ["O"], domain="x")})

    assert [row["domain"] for row in read(united)] == ["a/mail", "a", "b/x"]


def test_one_label_set_stays_as_it_is_whatever_its_order():
    task = replace(POS, labels=("N", "V", "D"))
    united = unite({"a": corpus_of(task, ["V", "N"]), "b": corpus_of(task, ["D"])})

    assert united.tasks == (task,)
    assert united["train"]["pos"][:] == [[1, 0], [2]]
    assert united.notes == ()


@pytest.mark.parametrize(
    ("one", "other", "labels"),
    [
        ((NER, ["B-PER", None, "O"]), (NER, ["B-LOC", "O"]), ("O", "B-LOC", "B-PER")),
        ((Task("pos"), ["V", None]), (Task("pos"), ["N", "V"]), ("N", "V")),
        ((Task("pos", ("V", "N")), ["V"]), (Task("pos", ("N", "V")), ["N"]), ("N", "V")),
    ],
)
def test_different_label_sets_are_united(one, other, labels):
    first, second = corpus_of(*one, None), corpus_of(*other)
    united = unite({"a": first, "b": second})

    assert united.tasks == (replace(first.tasks[0], labels=labels),)
    assert [row[one[0].name] for row in read(united)] == [one[1], None, other[1]]
    assert united.notes == (f"{one[0].name}: the label sets of a, b differ; it has the labels of all",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scheme": "BIOES", "labels": ("O", "S-PER")}, r"^task 'x': its scheme is IOB2 in 'a', but BIOES in 'b'$"),
        ({"metric": "accuracy"}, r"^task 'x': its metric is span_f1 in 'a', but accuracy in 'b'$"),
        ({"weight": 2.0}, r"^task 'x': its weight is 1.0 in 'a', but 2.0 in 'b'$"),
        (
            {"kind": "regression", "scheme": "none", "metric": "spearman", "labels": ()},
            r"^task 'x': its kind is classification in 'a', but regression in 'b'$",
        ),
    ],
)
def test_a_task_of_two_natures_is_refused(changes, message):
    task = replace(NER, name="x", labels=("O", "B-PER"))
    with pytest.raises(UserError, match=message):
        unite({"a": corpus_of(task, ["O"]), "b": corpus_of(replace(task, **changes), None)})


def test_a_split_has_the_sentences_of_the_parts_that_have_it(names):
    united = unite({"a": names, "b": corpus_of(NER, ["O"], splits=("train", "validation"))})

    assert {split: len(data) for split, data in united.items()} == {"train": 4, "test": 3, "validation": 1}


def test_choices_of_sentences_and_their_notes_are_kept(layered):
    chosen = limit_sentences(keep_domains(layered, ["news"]), {"train": 7}, 0)
    united = unite({"a": chosen, "b": layered})

    assert united["train"]["sent_id"][:7] == [f"a/{name}" for name in chosen["train"]["sent_id"]]
    assert united.notes == ("a: note", f"a: {chosen.notes[1]}", "b: note")
    assert [task.name for task in (POS, CHUNK, LENGTH)] == [task.name for task in united.tasks]
