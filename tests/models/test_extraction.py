import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.models.extraction import extract_tasks
from tests.models.tiny_sluice import connections_of, presets_of_tasks, randomise, tiny_batch, tiny_labels, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

PACKAGE_ROOT = Path(__file__).parents[2]
DECODERS = ("mlp", "linear_crf")
SCHEME = ["O", "B-X", "I-X"]

# Loads the folders named first, runs the inputs in the file named before the last and writes the labels found.
IN_ANOTHER_PROCESS = """
import sys
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForTokenClassification
import hf_sluice
*folders, inputs, outputs = sys.argv[1:]
torch.set_num_threads(1)
found = {}
for folder in folders:
    model, batch = AutoModelForTokenClassification.from_pretrained(folder), load_file(inputs)
    with torch.no_grad():
        logits = model(**batch).logits
        for name, labels in model.decode(logits, batch["attention_mask"]).items():
            found[f"{folder}/{name}"] = labels.contiguous()
            found[f"{folder}/{name}/logits"] = logits[name].contiguous()
save_file(found, outputs)
"""


def subsets(model):
    names = model.config.task_names
    return [names[:1], names[-1:], names[::-2], names[1:] + names[:1]]


@torch.no_grad()
def assert_predicts_as(part, model, tasks, batch):
    """Bit for bit what the whole model gives when it is asked for these tasks, and nearly when it is asked for all."""
    found, asked, everything = part(**batch).logits, model(**batch, tasks=list(tasks)).logits, model(**batch).logits
    assert list(found) == list(tasks)
    for task in tasks:
        assert torch.equal(found[task], asked[task])
        torch.testing.assert_close(found[task], everything[task], rtol=0, atol=1e-5)
    labels, expected = (one.decode(logits, batch["attention_mask"]) for one, logits in ((part, found), (model, asked)))
    assert all(torch.equal(labels[task], expected[task]) for task in tasks)


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize(("sharing", "number"), presets_of_tasks(1, 2, 3))
def test_any_tasks_of_any_preset_predict_the_same_bit_for_bit(sharing, number, decoder):
    for connection in connections_of(sharing):
        model = tiny_model(number, dtype=torch.float32, sharing=sharing, layer_connection=connection, decoder=decoder)
        for tasks in subsets(model):
            assert_predicts_as(extract_tasks(model, tasks), model, tasks, tiny_batch())


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("characters", ["cnn", "bilstm", "none"])
@pytest.mark.parametrize("depths", [{}, {"task0": 1}, {"task0": 1, "task1": 2, "task2": 1}])
def test_any_tasks_of_any_masks_predict_the_same_bit_for_bit(depths, characters, decoder):
    model = tiny_sparse_model(3, 0, torch.float32, depths, num_layers=3, char_encoder=characters, decoder=decoder)
    for tasks in subsets(model):
        assert_predicts_as(extract_tasks(model, tasks), model, tasks, tiny_batch())


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_constrained_decoding_and_regression_come_along(make):
    tasks = [
        {"name": "a", "labels": SCHEME, "scheme": "IOB2", "decoder": "linear_crf", "weight": 0.5},
        {"name": "b", "kind": "regression"},
        {"name": "c", "labels": SCHEME, "scheme": "IOB2", "weight": 2.0},
    ]
    model = make(3, tasks=tasks, constrained_decoding=True)
    for asked in subsets(model):
        part = extract_tasks(model, asked)
        assert_predicts_as(part, model, asked, tiny_batch())
        assert part.config.tasks == [task for name in asked for task in tasks if task["name"] == name]


@pytest.mark.parametrize(
    "model",
    [
        *(tiny_model(3, sharing=sharing, decoder="mlp_crf", dtype=torch.float32) for sharing, _ in presets_of_tasks(3)),
        tiny_sparse_model(3, dtype=torch.float32, depths={"task1": 1}, decoder="linear_crf"),
    ],
    ids=lambda model: getattr(model.config, "sharing", "sparse_sharing"),
)
def test_a_part_of_a_part_is_the_part(model):
    once, twice = extract_tasks(model, ["task1"]), extract_tasks(extract_tasks(model, ["task2", "task1"]), ["task1"])
    assert once.config.to_dict() == twice.config.to_dict()
    ours, theirs = once.state_dict(), twice.state_dict()
    assert list(ours) == list(theirs)
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


def test_another_process_loads_what_was_saved_and_predicts_the_same(tmp_path):
    models = {
        **{sharing: tiny_model(3, dtype=torch.float32, sharing=sharing) for sharing, _ in presets_of_tasks(3)},
        "crf": tiny_model(3, dtype=torch.float32, decoder="mlp_crf"),
        "sparse": tiny_sparse_model(3, dtype=torch.float32, depths={"task2": 1}, decoder="linear_crf"),
    }
    asked, batch, expected = ["task2", "task0"], tiny_batch(), {}
    for name, model in models.items():
        folder = tmp_path / name
        extract_tasks(model, asked).save_pretrained(folder)
        with torch.no_grad():
            logits = model(**batch, tasks=asked).logits
        for task, labels in model.decode(logits, batch["attention_mask"]).items():
            expected |= {f"{folder}/{task}": labels, f"{folder}/{task}/logits": logits[task]}
    save_file(batch, tmp_path / "inputs")
    program = [sys.executable, "-c", IN_ANOTHER_PROCESS, *(str(tmp_path / name) for name in models)]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run([*program, tmp_path / "inputs", tmp_path / "outputs"], check=True, env=environment)
    found = load_file(tmp_path / "outputs")
    assert found.keys() == expected.keys()
    assert [name for name, value in expected.items() if not torch.equal(found[name], value)] == []


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_nothing_of_the_other_tasks_is_written(make, tmp_path):
    tasks = [{"name": name, "labels": [f"{name}-{j}" for j in range(3)]} for name in ("noun", "verb", "other")]
    part = extract_tasks(make(3, tasks=tasks, default_task="noun"), ["other"])
    part.save_pretrained(tmp_path)
    written = (tmp_path / "config.json").read_text()
    assert "noun" not in written
    assert "verb" not in written
    assert part.config.id2label == {0: "other-0", 1: "other-1", 2: "other-2"}
    assert part.config.default_task is None
    assert len(part.heads) == 1


def test_the_default_task_stays_if_it_is_among_them():
    part = extract_tasks(tiny_model(3, default_task="task1"), ["task2", "task1"])
    assert part.config.default_task == "task1"
    assert list(part.config.id2label.values()) == [f"L{j}" for j in range(4)]


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_the_whole_model_stays_as_it_is(make):
    model = make(3)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    random_state = torch.random.get_rng_state()
    config = model.config.to_dict()
    randomise(extract_tasks(model, ["task1"]), 99)
    assert torch.equal(torch.random.get_rng_state(), random_state)
    assert model.config.to_dict() == config
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_a_part_can_be_trained(make):
    part = extract_tasks(make(3), ["task2", "task0"])
    batch = tiny_batch()
    part.train()(**batch, labels=tiny_labels(part.config, batch)).loss.backward()
    assert [name for name, parameter in part.named_parameters() if parameter.grad is None] == []


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([], "tasks: name one or more of task0, task1, each once"),
        (["task1", "task1"], "tasks: name one or more of task0, task1, each once"),
        (["ner"], "task 'ner' is none of this model's tasks: task0, task1"),
    ],
)
def test_tasks_that_cannot_be_taken_out_are_refused(tasks, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        extract_tasks(tiny_model(2), tasks)
    assert str(caught.value) == message
