from __future__ import annotations

import pytest

from hf_sluice.data.corpora.selection import Incomplete, choose_tasks, is_complete, share, span_task
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import UserError
from hf_sluice.tasks import TaggingScheme, Task, TaskMetric

KNOWN = (Task("pos"), span_task("chunk"), span_task("ner"))


def test_all_tasks_by_default_else_those_asked_for_in_their_order():
    assert choose_tasks(None, KNOWN, "x") == KNOWN
    assert [task.name for task in choose_tasks(["ner", "pos"], KNOWN, "x")] == ["ner", "pos"]
    assert choose_tasks("pos", KNOWN, "x") == (Task("pos"),)


@pytest.mark.parametrize(("asked", "message"), [(["srl"], "no task 'srl'; it has pos, chunk, ner"), ([], "no task is")])
def test_unknown_tasks_are_named(asked: list[str], message: str):
    with pytest.raises(UserError, match=message):
        choose_tasks(asked, KNOWN, "x")


def test_span_tasks_are_iob2_and_judged_by_spans():
    task = span_task("chunk")
    assert (task.scheme, task.metric) == (TaggingScheme.IOB2, TaskMetric.SPAN_F1)


def test_a_sentence_is_complete_with_every_layer():
    def sentence(**layers: list[str] | None) -> Sentence:
        return Sentence(["a"], layers, "1")

    assert is_complete(sentence(pos=["NN"], chunk=["O"], ner=["O"]), KNOWN)
    assert not is_complete(sentence(pos=["NN"], chunk=None, ner=["O"]), KNOWN)
    assert not is_complete(sentence(pos=["NN"], ner=["O"]), KNOWN)
    assert is_complete(sentence(pos=["NN"], ner=None), KNOWN[:1])


def test_what_to_do_with_incomplete_sentences():
    assert Incomplete.read("keep") is Incomplete.KEEP
    with pytest.raises(UserError, match="incomplete: 'all' is not one of drop, keep"):
        Incomplete.read("all")


def test_a_share_is_written_with_its_percentage():
    assert share(16548, 16622) == "16,548 of 16,622 (99.55 %)"
