"""Processes that are launched, and processes that are killed, through the commands that users type."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
import yaml

from tests.training.process_launches import TORCHRUN, TRAIN, launch_environment, run_python, write_recipe

pytestmark = pytest.mark.slow

_ACCELERATE = (
    "-m", "accelerate.commands.launch", "--cpu", "--num_machines", "1", "--mixed_precision", "no",
    "--dynamo_backend", "no",
)  # fmt: skip
_SPARSE = {
    "model_type": "sparse_sharing", "hidden_size": 8, "num_layers": 2, "word_embedding_size": 8, "dropout": 0.0,
    "char_embedding_size": 8, "char_filters": 4,
}  # fmt: skip


def _results(folder):
    return json.loads((folder / "results.json").read_text())


def test_two_processes_train_masks_that_leave_a_layer_to_no_task_and_one_prints(hf_sluice, tmp_path):
    path = write_recipe(tmp_path, "masked", model=_SPARSE, step="joint", optimizer="adamw", learning_rate=0.01)
    values = yaml.safe_load(path.read_text())
    layers = {"method": "layers", "warmup_epochs": 0, "task_layers": dict.fromkeys(values["tasks"], 1)}
    path.write_text(yaml.safe_dump({**values, "masks": layers}))
    assert hf_sluice("train", path, "--output", tmp_path / "alone").code == 0
    printed = run_python(*TORCHRUN, *TRAIN, str(path), "--output", str(tmp_path / "pair")).stdout
    alone, pair = _results(tmp_path / "alone"), _results(tmp_path / "pair")
    assert (alone["processes"], pair["processes"]) == (1, 2)
    assert pair["best_score"] == pytest.approx(alone["best_score"], abs=0.01)
    assert "2 processes" in printed
    for text in ("training hierarchical sharing", "Scores on test", "Saved to"):
        assert printed.count(text) == 1


def test_launch_of_unconnected_copies_is_refused(tmp_path):
    path = write_recipe(tmp_path, "refused")
    done = run_python(*_ACCELERATE, "--num_processes", "2", *TRAIN, str(path), check=False)
    assert done.returncode != 0
    assert "each would train alone" in done.stderr
    assert not (tmp_path / "refused").exists()


def test_one_process_under_accelerate_launch(tmp_path):
    path = write_recipe(tmp_path, "launched")
    run_python(*_ACCELERATE, "--num_processes", "1", *TRAIN, str(path))
    assert (tmp_path / "launched" / "model" / "model.safetensors").exists()


def test_killed_in_mid_epoch_and_resumed_ends_the_same_to_the_bit(tmp_path):
    options = {"step": "per_task", "epochs": 4, "checkpoint_steps": 3, "optimizer": "adamw", "learning_rate": 0.01}
    left_alone, killed = (write_recipe(tmp_path, name, noise=0.2, **options) for name in ("left_alone", "killed"))
    run_python(*TRAIN, str(left_alone))
    process = subprocess.Popen((sys.executable, *TRAIN, str(killed)), env=launch_environment(), stderr=subprocess.PIPE)
    checkpoints = tmp_path / "killed" / "checkpoints"
    steps_in_epoch = 24
    while process.poll() is None:
        latest = max((int(p.name.removeprefix("step-")) for p in checkpoints.glob("step-*")), default=0)
        if latest > steps_in_epoch and latest % steps_in_epoch:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "the run was over before it could be killed"
    assert not (tmp_path / "killed" / "results.json").exists()
    run_python(*TRAIN, str(killed), "--resume")
    models = [tmp_path / name / "model" / "model.safetensors" for name in ("left_alone", "killed")]
    assert models[0].read_bytes() == models[1].read_bytes()
    logs = [
        [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").open()] for name in ("left_alone", "killed")
    ]
    for events in zip(*logs, strict=True):
        ours, theirs = ({k: v for k, v in event.items() if k != "tokens_per_second"} for event in events)
        assert ours == theirs
