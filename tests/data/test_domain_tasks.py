from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.domain_tasks import split_by_domain
from hf_sluice.data.domains import keep_domains
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task
from tests.data.layered_corpus import CHUNK, DOMAINS, POS, layered_corpus


@pytest.fixture(scope="module")
def corpus():
    return layered_corpus()


def test_each_domain_has_a_task_with_the_same_labels(corpus):
    split = split_by_domain(corpus, "chunk")

    made = tuple(replace(CHUNK, name=f"chunk_{domain}", weight=1.0) for domain in DOMAINS)
    assert split.tasks == (*corpus.tasks, *made)
    for task in made:
        assert split["train"].features[task.name] == corpus["train"].features["chunk"]


def test_a_sentence_carries_the_task_of_its_own_domain_alone(corpus):
    split = split_by_domain(corpus, "chunk")

    for rows in split.values():
        for row in rows:
            own = DOMAINS[row["domain"]]
            assert row[f"chunk_{own}"] == row["chunk"]
            assert [row[f"chunk_{domain}"] for domain in DOMAINS if domain != own] == [None, None]


def test_only_domains_of_training_become_tasks(corpus):
    split = split_by_domain(keep_domains(corpus, {"train": ["web", "mail"]}), "pos")

    assert [task.name for task in split.tasks] == ["pos", "chunk", "length", "pos_mail", "pos_web"]
    assert {row["domain"] for row in split["test"]} == {0, 1, 2}
    assert [row["pos_mail"] or row["pos_web"] for row in split["test"] if row["domain"] == 1] == [None] * 10
    assert split.notes == ("note", "pos_mail: pos in the sentences of mail", "pos_web: pos in the sentences of web")


def test_everything_else_stays(corpus):
    split = split_by_domain(corpus, "pos")

    for name, data in corpus.items():
        assert split[name].select_columns(data.column_names).to_dict() == data.to_dict()


def test_what_cannot_be_split_is_refused(corpus):
    with pytest.raises(UserError, match=r"^domain_tasks: there is no task 'ner'; there is pos, chunk, length$"):
        split_by_domain(corpus, "ner")
    with pytest.raises(UserError, match=r"^domain_tasks: 1 training sentences have no domain$"):
        split_by_domain(one_sentence(None, POS), "pos")
    with pytest.raises(UserError, match=r"^domain_tasks: the name 'pos_web' is taken by a column of the corpus$"):
        split_by_domain(one_sentence("web", POS, Task("pos_web", ("D",))), "pos")
    with pytest.raises(UserError, match=r"^task 'pos_a b': a name is made of letters"):
        split_by_domain(one_sentence("a b", POS), "pos")


def one_sentence(domain, *tasks):
    return assemble({"train": [Sentence(["w"], {task.name: ["D"] for task in tasks}, "1", domain)]}, tasks)
