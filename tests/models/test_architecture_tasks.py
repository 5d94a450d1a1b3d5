import pytest

from hf_sluice.models.architecture_tasks import check_tasks, sources_of

POS = {"name": "pos", "labels": ["N", "V"], "kind": "classification", "weight": 0.5, "decoder": None}


def test_tasks_are_given_back_as_they_are():
    harmful = {"name": "../<b>|\n", "labels": ["</td>\x1b[31m"], "scheme": "none"}
    tasks = [POS, harmful, {"name": "x", "kind": "regression"}]
    assert check_tasks(tasks) == tuple(tasks)


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({}, r"^tasks should be a list, not \{\}$"),
        ([], "^tasks should not be empty$"),
        (["pos"], "^tasks: each should be an object, not 'pos'$"),
        ([{"labels": []}], "^tasks: a name should be text, not None$"),
        ([{"name": ""}], "^tasks: a name should be text of 1 to 500 characters, not ''$"),
        ([{"name": "x" * 501}], "^tasks: a name should be text of 1 to 500 characters"),
        ([POS, POS], "^tasks: 'pos' stands twice$"),
        ([{**POS, "kind": "magic"}], "^tasks: the kind of 'pos' 'magic' is none of classification, regression$"),
        ([{**POS, "labels": "NV"}], "^tasks: the labels of 'pos' should be a list, not 'NV'$"),
        ([{**POS, "labels": ["N", 1]}], "^tasks: the labels of 'pos': each should be text, not 1$"),
        ([{**POS, "labels": ["N", "N"]}], "^tasks: the labels of 'pos': 'N' stands twice$"),
        ([{**POS, "metric": {"a": 1}}], "^tasks: the 'metric' of 'pos' should be text"),
    ],
)
def test_tasks_that_are_none_are_refused(tasks, message):
    with pytest.raises(ValueError, match=message):
        check_tasks(tasks)


def test_tasks_take_the_place_of_their_name_unless_they_are_said_to_take_another():
    sources = {"pos": None, "mine": "ner", "yours": "ner"}
    found = sources_of(["yours", "pos", "chunk", "mine"], ["pos", "chunk", "ner"], sources)
    assert list(found.items()) == [("yours", "ner"), ("pos", None), ("chunk", "chunk"), ("mine", "ner")]


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({"srl": None}, "^tasks: 'srl' is none of the tasks to train, pos, mine$"),
        (None, "^tasks: there is no 'mine' in the architecture; map 'mine' to one of pos, ner, or to null"),
        ({"mine": "srl"}, "^tasks: there is no 'srl' in the architecture; map 'mine' to one of pos, ner, or to null"),
    ],
)
def test_a_task_that_has_no_place_is_never_taken_for_a_new_one(sources, message):
    with pytest.raises(ValueError, match=message):
        sources_of(["pos", "mine"], ["pos", "ner"], sources)
