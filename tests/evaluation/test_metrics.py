from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import evaluate
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hf_sluice.evaluation.metrics
from hf_sluice.errors import UserError
from hf_sluice.evaluation.metrics import TaggingMetric
from hf_sluice.evaluation.scores import TaskScores
from hf_sluice.tasks import Task

NER = Task("ner", ("O", "B-A", "I-A", "B-B", "I-B"), scheme="IOB2", metric="span_f1")
POS = Task("pos", ("X", "Y"))
GAZE = Task("gaze", kind="regression", metric="spearman")

PREDICTIONS = [["B-A", "I-A", "O"], ["B-B"], ["O", "B-A"]]
REFERENCES = [["B-A", "I-A", "B-B"], ["B-B"], [None, "O"]]
EXPECTED = {
    "accuracy": 3 / 5,
    "tokens": 5,
    "span_precision": 2 / 3,
    "span_recall": 2 / 3,
    "span_f1": 2 / 3,
    "spans": 3,
    "per_type": {
        "A": {"precision": 1 / 2, "recall": 1.0, "f1": 2 / 3, "support": 1},
        "B": {"precision": 1.0, "recall": 1 / 2, "f1": 2 / 3, "support": 2},
    },
}


@pytest.fixture
def metric(tmp_path):
    return lambda task, **options: TaggingMetric(task, cache_dir=str(tmp_path), **options)


def check_expected(found):
    per_type = found.pop("per_type")
    assert found == pytest.approx({key: value for key, value in EXPECTED.items() if key != "per_type"})
    for span_type, values in EXPECTED["per_type"].items():
        assert per_type[span_type] == pytest.approx(values)


@pytest.mark.parametrize("in_memory", [False, True])
def test_batches_single_sentences_and_compute_add_up(metric, in_memory):
    scorer = metric(NER, keep_in_memory=in_memory)
    scorer.add_batch(predictions=PREDICTIONS[:1], references=REFERENCES[:1])
    scorer.add(prediction=PREDICTIONS[1], reference=REFERENCES[1])
    check_expected(scorer.compute(predictions=PREDICTIONS[2:], references=REFERENCES[2:]))


def test_what_was_computed_is_forgotten(metric):
    scorer = metric(NER)
    for _ in range(2):
        check_expected(scorer.compute(predictions=PREDICTIONS, references=REFERENCES))


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.tuples(*[st.sampled_from(NER.labels)] * 2), min_size=1, max_size=8), min_size=1, max_size=4)
)
def test_scores_are_those_of_the_counting(metric, sentences):
    predictions = [[label for label, _ in sentence] for sentence in sentences]
    references = [[label for _, label in sentence] for sentence in sentences]
    found = metric(NER).compute(predictions=predictions, references=references)
    counted = TaskScores(NER)
    counted.update(*([[NER.labels.index(x) for x in s] for s in side] for side in (predictions, references)))
    accuracy, micro, *per_type = counted.compute()
    assert (found["accuracy"], found["tokens"]) == (accuracy.value, accuracy.support)
    assert (found["span_f1"], found["span_precision"], found["span_recall"], found["spans"]) == (
        micro.value,
        micro.precision,
        micro.recall,
        micro.support,
    )
    assert [found["per_type"][score.span_type]["f1"] for score in per_type] == [score.value for score in per_type]


def test_labels_without_spans_have_an_accuracy_only(metric):
    found = metric(POS).compute(predictions=[["X", "Y"]], references=[["X", "X"]])
    assert found == {"accuracy": 0.5, "tokens": 2}


def test_numbers_are_scored_as_numbers(metric):
    predictions, references = [[0.25, 0.5, 9.0], [4.0, 0.0]], [[0.5, 1.0, None], [5.0, -100.0]]
    found = metric(GAZE).compute(predictions=predictions, references=references)
    assert found == pytest.approx({"mean_squared_error": (1 / 16 + 1 / 4 + 1) / 3, "spearman": 1.0, "tokens": 3})


def test_labels_may_be_given_as_ids(metric):
    ids = {label: i for i, label in enumerate(NER.labels)}
    predictions = [[ids[label] for label in sentence] for sentence in PREDICTIONS]
    references = [[ids.get(label, -100) for label in sentence] for sentence in REFERENCES]
    check_expected(metric(NER).compute(predictions=predictions, references=references))


@pytest.mark.parametrize("first", [["O", "B-A"], [None, None], None])
def test_the_first_sentence_may_lack_its_annotation(metric, first):
    found = metric(NER).compute(predictions=[["O", "B-A"], ["B-B"]], references=[first, ["B-B"]])
    assert (found["accuracy"], found["tokens"]) == (1.0, 3 if first and first[0] else 1)


@pytest.mark.parametrize("references", [[[None, None], [None]], [None, None]])
def test_nothing_labelled_has_no_score(metric, references):
    found = metric(NER).compute(predictions=[["O", "B-A"], ["O"]], references=references)
    assert (found["accuracy"], found["span_f1"], found["spans"], found["tokens"]) == (None, None, 0, 0)
    assert found["per_type"]["A"] == {"precision": None, "recall": None, "f1": None, "support": 0}


def test_values_are_plain_and_json_can_hold_them(metric):
    found = metric(NER).compute(predictions=PREDICTIONS, references=REFERENCES)
    assert json.loads(json.dumps(found)) == found
    values = [*found.pop("per_type")["A"].values(), *found.values()]
    assert {type(value) for value in values} == {float, int}


def test_nothing_added_is_an_error_as_in_every_metric(metric):
    with pytest.raises(ValueError, match="at least once before"):
        metric(NER).compute()


@pytest.mark.parametrize("side", ["predictions", "references"])
def test_an_unknown_label_is_named(metric, side):
    columns = {"predictions": [["O"]], "references": [["O"]], side: [["B-C"]]}
    with pytest.raises(UserError, match="task 'ner': label 'B-C' is not one of O, B-A, I-A, B-B, I-B"):
        metric(NER).compute(**columns)


@pytest.mark.usefixtures("own_modules")
def test_the_file_itself_can_be_loaded_offline(monkeypatch, tmp_path):
    monkeypatch.setattr(evaluate.config, "HF_EVALUATE_OFFLINE", True)
    path = Path(hf_sluice.evaluation.metrics.__file__)
    scorer = evaluate.load(str(path), task=NER, cache_dir=str(tmp_path))
    check_expected(scorer.compute(predictions=PREDICTIONS, references=REFERENCES))


def _score_in_one_of_two(process_id, folder, results):
    scorer = TaggingMetric(NER, num_process=2, process_id=process_id, experiment_id="two", cache_dir=folder)
    scorer.add_batch(predictions=PREDICTIONS[process_id::2], references=REFERENCES[process_id::2])
    results.put((process_id, scorer.compute()))


@pytest.mark.slow
def test_two_processes_pool_their_sentences(tmp_path):
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    processes = [context.Process(target=_score_in_one_of_two, args=(i, str(tmp_path), results)) for i in range(2)]
    for process in processes:
        process.start()
    found = dict(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join()
    check_expected(found[0])
    assert found[1] is None
