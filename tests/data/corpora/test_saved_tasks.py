from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.data.corpora.saved_tasks import ask_for
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task

POS = Task("pos", ("N", "V"))
NER = Task("ner", ("O", "B-PER", "I-PER"), scheme="IOB2", metric="span_f1", weight=0.5, decoder="mlp_crf")
SAVED = (POS, NER)


def test_names_are_those_of_saved_tasks():
    for asked, tasks in ((None, SAVED), (["ner"], (NER,)), (["ner", "pos"], (NER, POS))):
        found = ask_for(asked, SAVED, "data")
        assert found.tasks == tasks
        assert found.columns == {task.name: task.name for task in tasks}
        assert found.schemes == {}


def test_weight_decoder_and_scheme_can_be_set():
    found = ask_for(
        [{"name": "ner", "weight": 2, "decoder": "linear", "scheme": "BIOES"}, {"name": "pos"}], SAVED, "data"
    )
    assert found.tasks == (replace(NER, weight=2, decoder="linear"), POS)
    assert found.schemes == {"ner": "BIOES"}
    assert ask_for([{"name": "ner", "scheme": "IOB2"}], SAVED, "data").schemes == {}


def test_a_whole_description_that_is_right_is_no_contradiction():
    described = {**NER.to_dict(), "column": "ner"}
    assert ask_for([described], SAVED, "data").tasks == (NER,)
    assert ask_for([{**described, "labels": tuple(NER.labels)}], SAVED, "data").tasks == (NER,)


def test_other_tasks_are_described():
    names = {"name": "names", "column": "ner", "scheme": "IOB2", "metric": "span_f1"}
    of_its_own = {"name": "ner", "column": "other", "labels": ["x"]}
    found = ask_for([names, of_its_own, replace(POS, labels=("x",))], SAVED, "data")
    assert [task.name for task in found.tasks] == ["names", "ner", "pos"]
    assert found.columns == {"names": "ner", "ner": "other", "pos": "pos"}
    assert found.tasks[2].labels == ("x",)
    assert ask_for([names], (), "data").columns == {"names": "ner"}


@pytest.mark.parametrize(
    ("asked", "saved", "message"),
    [
        (None, (), "data set 'data' says nothing of its tasks; describe at least one"),
        ([], SAVED, "data set 'data' says nothing of its tasks; describe at least one"),
        (["pos"], (), "data set 'data' says nothing of a task 'pos'; describe it as a mapping with its name, column"),
        (["chunk"], SAVED, "data set 'data' has no task 'chunk'; it has pos, ner"),
        ([{"name": "ner", "metric": "accuracy"}], SAVED, "metric should be 'span_f1', not 'accuracy'"),
        (
            [{"name": "ner", "labels": ["O"]}],
            SAVED,
            "decoder or scheme can be set, but labels should be ['O', 'B-PER'",
        ),
        ([{"name": "pos", "colour": "red"}], SAVED, "task 'pos': unknown field 'colour'"),
        ([{"name": "pos", "weight": 0}], SAVED, "weight 0 should be a positive number"),
        ([{"labels": ["O"]}], SAVED, "a task without a name"),
    ],
)
def test_what_cannot_be_asked_for_is_named(asked, saved, message):
    with pytest.raises(UserError) as caught:
        ask_for(asked, saved, "data")
    assert message in str(caught.value)
