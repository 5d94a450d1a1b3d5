from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from hf_sluice.errors import UserError
from hf_sluice.models.decoders import DECODERS, has_crf
from hf_sluice.tasks import TaggingScheme, Task, TaskDecoder, TaskKind, TaskMetric

POS = Task("pos", ("NN", "VB"))
CHUNK = Task("chunk", ("O", "B-NP", "I-NP"), scheme=TaggingScheme.IOB2, metric=TaskMetric.SPAN_F1, weight=0.5)
ENTITIES = Task("ner", ("O", "B-PER", "I-PER", "E-PER", "S-PER"), scheme="BIOES", metric="span_f1")
GAZE = Task("gaze", kind=TaskKind.REGRESSION, metric=TaskMetric.SPEARMAN)
SRL = Task("srl", ("A0", "A1"), decoder="linear_crf")
ALL = [POS, CHUNK, ENTITIES, GAZE, SRL, Task("empty")]


def message(**fields) -> str:
    with pytest.raises(UserError) as caught:
        Task(**fields)
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
class TestPlainValues:
    def test_a_task_survives_plain_values(self, task):
        assert Task.from_dict(task.to_dict()) == task

    def test_a_task_survives_json(self, task):
        assert Task.from_dict(json.loads(json.dumps(task.to_dict()))) == task

    def test_plain_values_are_of_plain_types(self, task):
        assert {type(value) for value in task.to_dict().values()} <= {str, list, float, int}

    def test_plain_values_name_every_field_that_has_a_value(self, task):
        decoder = {"decoder"} if task is SRL else set()
        assert set(task.to_dict()) == {"name", "labels", "kind", "scheme", "metric", "weight"} | decoder


def test_plain_values_are_what_a_reader_would_write():
    assert CHUNK.to_dict() == {
        "name": "chunk",
        "labels": ["O", "B-NP", "I-NP"],
        "kind": "classification",
        "scheme": "IOB2",
        "metric": "span_f1",
        "weight": 0.5,
    }


def test_a_name_alone_makes_a_classification_task():
    task = Task.from_dict({"name": "pos"})

    assert (task.kind, task.scheme, task.metric, task.weight, task.labels) == (
        TaskKind.CLASSIFICATION,
        TaggingScheme.NONE,
        TaskMetric.ACCURACY,
        1.0,
        (),
    )


def test_an_unknown_field_is_named():
    with pytest.raises(UserError, match=r"^task 'pos': unknown field 'colour'$"):
        Task.from_dict({"name": "pos", "colour": "red"})


def test_text_becomes_a_member_of_its_enum():
    task = Task("chunk", ["O"], kind="classification", scheme="IOB1", metric="span_f1")

    assert isinstance(task.kind, TaskKind)
    assert isinstance(task.scheme, TaggingScheme)
    assert isinstance(task.metric, TaskMetric)
    assert task.labels == ("O",)


def test_a_task_does_not_change():
    with pytest.raises(FrozenInstanceError):
        POS.weight = 2.0


def test_equal_tasks_have_equal_hashes():
    assert len({POS, Task("pos", ["NN", "VB"]), CHUNK}) == 2


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("kind", "ranking", "classification, regression"),
        ("scheme", "IOB", "none, IOB1, IOB2, BIOES"),
        ("scheme", "iob2", "none, IOB1, IOB2, BIOES"),
        ("decoder", "crf", "mlp, linear, mlp_crf, linear_crf"),
        ("metric", "f1", "accuracy, span_f1, mean_squared_error, spearman"),
    ],
)
def test_a_value_outside_its_enum_is_answered_with_the_choices(field, value, expected):
    assert message(name="pos", **{field: value}) == f"task 'pos': {field} {value!r} is not one of {expected}"


@pytest.mark.parametrize("name", ["", "1pos", "a b", "a.b", "-a", "pos\n", "wörter"])
def test_a_name_that_is_no_column_name_is_refused(name):
    assert message(name=name) == f"task {name!r}: a name is made of letters, digits, '_' and '-', no digit first"


@pytest.mark.parametrize("name", ["pos", "_pos", "POS-2", "named_entities", "x"])
def test_names_that_columns_may_have(name):
    assert Task(name).name == name


@pytest.mark.parametrize("weight", [0, -1.0, 0.0, float("nan"), float("inf"), "heavy", None, True])
def test_a_weight_is_a_positive_number(weight):
    assert message(name="pos", weight=weight) == f"task 'pos': weight {weight!r} should be a positive number"


@pytest.mark.parametrize("fields", [{"labels": ("a",)}, {"scheme": "IOB2"}, {"labels": ("O",), "scheme": "IOB1"}])
def test_regression_has_neither_labels_nor_scheme(fields):
    text = message(name="gaze", kind="regression", metric="spearman", **fields)

    assert text == "task 'gaze': a regression task has no labels and no tagging scheme"


@pytest.mark.parametrize("metric", ["accuracy", "span_f1"])
def test_regression_is_not_judged_by_labels(metric):
    text = message(name="gaze", kind="regression", metric=metric)

    assert text == f"task 'gaze': metric {metric} is for classification; use mean_squared_error"


@pytest.mark.parametrize("decoder", ["mlp_crf", "linear_crf"])
def test_numbers_have_no_sequences_of_labels(decoder):
    text = message(name="gaze", kind="regression", metric="spearman", decoder=decoder)

    assert text == f"task 'gaze': decoder {decoder} is for classification; use mlp or linear"


@pytest.mark.parametrize("decoder", ["mlp", "linear", None])
def test_numbers_may_have_another_decoder(decoder):
    assert Task("gaze", kind="regression", metric="spearman", decoder=decoder).decoder == decoder


def test_decoders_are_those_of_the_models():
    assert tuple(TaskDecoder) == DECODERS
    assert [decoder.has_crf for decoder in TaskDecoder] == [has_crf(decoder) for decoder in DECODERS]


@pytest.mark.parametrize("metric", ["mean_squared_error", "spearman"])
def test_labels_are_not_judged_as_numbers(metric):
    assert message(name="pos", metric=metric) == (
        f"task 'pos': metric {metric} is for regression; use accuracy or span_f1"
    )


def test_span_f1_needs_spans():
    assert message(name="ner", metric="span_f1") == ("task 'ner': span_f1 needs a tagging scheme (IOB1, IOB2 or BIOES)")


def test_accuracy_may_judge_spans():
    assert Task("chunk", ("O", "B-NP"), scheme="IOB2").metric is TaskMetric.ACCURACY


def test_a_label_stands_once():
    assert message(name="pos", labels=["NN", "VB", "NN"]) == ("task 'pos': a label stands twice in ['NN', 'VB', 'NN']")


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2"])
@pytest.mark.parametrize("label", ["NP", "B", "B-", "E-NP", "S-NP", "b-NP", "BNP", "", "o", "-NP"])
def test_a_label_outside_iob_is_refused(scheme, label):
    assert message(name="chunk", labels=["O", label], scheme=scheme) == (
        f"task 'chunk': label {label!r} is not {scheme}: O, or one of B, I followed by - and a type"
    )


@pytest.mark.parametrize("label", ["NP", "E", "E-", "L-NP", "U-NP"])
def test_a_label_outside_bioes_is_refused(label):
    assert message(name="chunk", labels=["O", label], scheme="BIOES") == (
        f"task 'chunk': label {label!r} is not BIOES: O, or one of B, I, E, S followed by - and a type"
    )


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "BIOES"])
def test_types_may_hold_hyphens(scheme):
    labels = ("O", "B-ARGM-TMP", "I-ARGM-TMP", "B-WORK-OF-ART")

    assert Task("srl", labels, scheme=scheme).labels == labels


@pytest.mark.parametrize(("task", "outputs"), [(POS, 2), (CHUNK, 3), (ENTITIES, 5), (GAZE, 1), (Task("empty"), 0)])
def test_outputs_are_one_per_label_or_one_number(task, outputs):
    assert task.num_outputs == outputs


@pytest.mark.parametrize("metric", TaskMetric)
def test_only_an_error_is_better_when_smaller(metric):
    assert metric.larger_is_better == (metric != "mean_squared_error")
