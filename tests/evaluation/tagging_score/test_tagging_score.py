from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

import datasets
import evaluate
import pytest
from huggingface_hub import RepoCard

import hf_sluice.evaluation
from hf_sluice.errors import UserError
from hf_sluice.evaluation.metrics import TaggingMetric
from hf_sluice.tasks import Task

FOLDER = Path(hf_sluice.evaluation.__file__).parent / "tagging_score"
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
PREDICTIONS = [["B-PER", "I-PER", "O"], ["B-LOC"], ["O", "I-PER"]]
REFERENCES = [["B-PER", "I-PER", "B-LOC"], ["B-LOC"], [None, "O"]]


pytestmark = pytest.mark.usefixtures("own_modules")


@pytest.fixture(autouse=True)
def _own_caches(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate.config, "HF_METRICS_CACHE", str(tmp_path / "metrics"))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)


def load(tmp_path, **options):
    return evaluate.load(str(FOLDER), cache_dir=str(tmp_path), **options)


def expected(tmp_path, task, predictions, references):
    return TaggingMetric(task, cache_dir=str(tmp_path)).compute(predictions=predictions, references=references)


def test_the_folder_loads_as_the_metric_of_a_described_task(tmp_path):
    metric = load(tmp_path, labels=LABELS, scheme="IOB2")
    found = metric.compute(predictions=PREDICTIONS, references=REFERENCES)
    assert found == expected(tmp_path, Task("ner", LABELS, scheme="IOB2"), PREDICTIONS, REFERENCES)
    assert found["per_type"].keys() == {"PER", "LOC"}
    assert found["tokens"] == 5


def test_batches_of_ids_and_of_labels_are_the_same(tmp_path):
    by_label, by_id = (load(tmp_path, labels=LABELS, scheme="IOB2") for _ in range(2))
    ids = {label: number for number, label in enumerate(LABELS)} | {None: -100}
    for predictions, references in zip(PREDICTIONS, REFERENCES, strict=True):
        by_label.add(prediction=predictions, reference=references)
        by_id.add_batch(
            predictions=[[ids[label] for label in predictions]], references=[[ids[label] for label in references]]
        )
    assert by_label.compute() == by_id.compute()


def test_labels_without_spans_and_numbers(tmp_path):
    accuracy = load(tmp_path, labels=["X", "Y"]).compute(predictions=[["X", "Y"]], references=[["X", "X"]])
    assert accuracy == {"accuracy": 0.5, "tokens": 2}
    numbers = load(tmp_path, kind="regression").compute(predictions=[[1.0, 2.0, 4.0]], references=[[1.0, 2.0, None]])
    assert numbers == pytest.approx({"mean_squared_error": 0.0, "spearman": 1.0, "tokens": 2})


def test_metrics_are_combined(tmp_path):
    tokens, spans = load(tmp_path, labels=LABELS), load(tmp_path, labels=LABELS, scheme="IOB2")
    combined = evaluate.combine({"tokens": tokens, "spans": spans}, force_prefix=True)
    found = combined.compute(predictions=PREDICTIONS, references=REFERENCES)
    assert found["tokens_accuracy"] == found["spans_accuracy"] == 3 / 5
    assert found["spans_spans"] == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "labels: a list of the task's labels is expected"),
        ({"labels": "O"}, "labels: a list of the task's labels is expected"),
        ({"labels": LABELS, "scheme": "BILOU"}, "scheme 'BILOU' is not one of none, IOB1, IOB2, BIOES"),
        ({"labels": ["NN"], "scheme": "IOB2"}, "label 'NN' is not IOB2"),
        ({"labels": LABELS, "kind": "regression"}, "a regression task has no labels"),
        ({"labels": LABELS, "kind": "ranking"}, "kind 'ranking' is not one of classification, regression"),
        ({"config_name": "IOB2"}, "there is no configuration 'IOB2'; say labels"),
    ],
)
def test_a_task_that_is_none_is_named(tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        load(tmp_path, **options)


def score_in_one_process(number, folder, queue):
    metric = load(
        folder,
        labels=LABELS,
        scheme="IOB2",
        num_process=2,
        process_id=number,
        experiment_id="two",
        keep_in_memory=False,
    )
    metric.add_batch(predictions=PREDICTIONS[number::2], references=REFERENCES[number::2])
    queue.put((number, metric.compute()))


def test_two_processes_pool_what_they_added(tmp_path):
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    workers = [context.Process(target=score_in_one_process, args=(number, tmp_path, queue)) for number in range(2)]
    for worker in workers:
        worker.start()
    found = dict(queue.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    task = Task("ner", LABELS, scheme="IOB2")
    assert found == {0: expected(tmp_path, task, PREDICTIONS, REFERENCES), 1: None}


def test_the_example_of_the_card_runs(monkeypatch, capsys):
    card = RepoCard.load(FOLDER / "README.md")
    assert card.data.to_dict().keys() == {"title", "description", "tags"}
    monkeypatch.chdir(FOLDER.parents[2])
    (example,) = re.findall(r"```python\n(.*?)```", card.content, re.DOTALL)
    exec(example, {})  # noqa: S102
    assert "'span_f1': 0.6666666666666666" in capsys.readouterr().out


def test_the_card_names_what_is_returned(tmp_path):
    content = RepoCard.load(FOLDER / "README.md").content
    for options in ({"labels": LABELS, "scheme": "IOB2"}, {"kind": "regression"}):
        metric = load(tmp_path, **options)
        found = metric.compute(predictions=[[1, 2]], references=[[1, 2]])
        assert [name for name in found if f"`{name}`" not in content] == []
