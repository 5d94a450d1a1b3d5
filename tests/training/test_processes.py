"""Several processes, and processes that are killed: real launches through the commands that users type."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

pytestmark = pytest.mark.slow

WORKER = Path(__file__).with_name("two_processes.py")
SIZES = {"hidden_size": 8, "num_layers": 2, "word_embedding_size": 8, "char_embedding_size": 8, "char_hidden_size": 4,
         "head_hidden_size": 8}  # fmt: skip


@pytest.fixture
def recipe(tmp_path):
    """Writes a tiny recipe whose batches end unevenly: 63 sentences in batches of 8."""

    def write(name="tiny", *, noise=0.0, sharing=None, model=None, **training):
        values = {
            "data": {
                "corpus": "demo",
                "options": {"train_sentences": 63, "validation_sentences": 20, "test_sentences": 20},
            },
            "tasks": ["pos", "chunk", "ner"],
            "model": model or {**SIZES, "noise": noise, **(sharing or {})},
            "training": {"epochs": 2, "batch_size": 8, "learning_rate": 0.3, **training},
            "output": str(tmp_path / name),
        }
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump(values))
        return path

    return write


def environment(**values):
    launchers = ("WORLD_SIZE", "RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT", "ACCELERATE_USE_CPU")
    kept = {k: v for k, v in os.environ.items() if k not in launchers}
    root = str(Path(__file__).parents[2])
    return {**kept, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONPATH": root, **values}


def run(*command, check=True):
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=300, check=False)
    assert not check or done.returncode == 0, done.stderr[-2000:]
    return done


TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")
TRAIN = (sys.executable, "-m", "hf_sluice", "train")


# No task reads the second layer: its parameters would wait for gradients that never come.
LOWEST_LAYER = {"sharing": "low_supervision", "task_layers": {"pos": 1}}


@pytest.mark.parametrize("step", ["joint", "per_task"])
@pytest.mark.parametrize("sharing", [None, LOWEST_LAYER], ids=["sluice", "lowest layer"])
def test_two_processes_reach_every_item_once_and_train_as_one(recipe, tmp_path, step, sharing):
    path = recipe(sampling="proportional", sharing=sharing)
    one, two = tmp_path / "one", tmp_path / "two"
    run(sys.executable, str(WORKER), str(path), str(one), step)
    run(*TORCHRUN, str(WORKER), str(path), str(two), step)
    single = json.loads((one / "rank0.json").read_text())
    pair = [json.loads((two / f"rank{rank}.json").read_text()) for rank in (0, 1)]
    assert single["processes"] == 1
    assert [report["processes"] for report in pair] == [2, 2]
    items = Counter(json.dumps(item) for report in pair for item in report["seen"])
    assert set(items.values()) == {1}
    assert items == Counter(json.dumps(item) for item in single["seen"])
    assert len(items) == 2 * 63 * (1 if step == "joint" else 3)
    weights = [load_file(two / f"rank{rank}.safetensors") for rank in (0, 1)]
    alone = load_file(one / "rank0.safetensors")
    for name, value in weights[0].items():
        assert torch.equal(value, weights[1][name]), name
        torch.testing.assert_close(value, alone[name], rtol=0, atol=1e-4)
    assert pair[0]["score"] == pytest.approx(single["score"], abs=0.01)


SPARSE = {
    "model_type": "sparse_sharing", "hidden_size": 8, "num_layers": 2, "word_embedding_size": 8, "dropout": 0.0,
    "char_embedding_size": 8, "char_filters": 4,
}  # fmt: skip
MOMENTUM, ADAMW = {"momentum": 0.9, "learning_rate": 0.1}, {"optimizer": "adamw", "learning_rate": 0.01}


@pytest.mark.parametrize(
    ("step", "state", "optimizer"),
    [("joint", None, ADAMW), ("per_task", "shared", MOMENTUM), ("per_task", "per_task", ADAMW)],
    ids=str,
)
def test_two_processes_train_subnets_in_pieces_as_one(recipe, tmp_path, step, state, optimizer):
    settings = {"step": step, "optimizer_state": state, "micro_batch_size": 3, **optimizer}
    path = recipe(model=SPARSE, epochs=1, objective="uncertainty", **settings)
    run(sys.executable, str(WORKER), str(path), str(tmp_path / "one"), step)
    run(*TORCHRUN, str(WORKER), str(path), str(tmp_path / "two"), step)
    alone, *pair = (load_file(tmp_path / f"{name}.safetensors") for name in ("one/rank0", "two/rank0", "two/rank1"))
    for name, value in alone.items():
        assert torch.equal(pair[0][name], pair[1][name]), name
        torch.testing.assert_close(pair[0][name], value, rtol=0, atol=1e-4)


def test_two_processes_train_masks_that_leave_a_layer_to_no_task(recipe, tmp_path):
    path = recipe("masked", model=SPARSE, epochs=2, step="joint", **ADAMW)
    values = yaml.safe_load(path.read_text())
    layers = {"method": "layers", "warmup_epochs": 0, "task_layers": dict.fromkeys(values["tasks"], 1)}
    for name, launch in (("alone", ()), ("pair", TORCHRUN[1:])):
        path.write_text(yaml.safe_dump({**values, "masks": layers, "output": str(tmp_path / name)}))
        run(sys.executable, *launch, *TRAIN[1:], str(path))
    alone, pair = (json.loads((tmp_path / name / "results.json").read_text()) for name in ("alone", "pair"))
    assert (alone["processes"], pair["processes"]) == (1, 2)
    assert pair["best_score"] == pytest.approx(alone["best_score"], abs=0.01)


@pytest.mark.parametrize("objective", ["uncertainty", {"name": "famo", "learning_rate": 0.1}], ids=str)
def test_two_processes_weight_the_tasks_as_one(recipe, tmp_path, objective):
    path = recipe(objective=objective)
    run(sys.executable, str(WORKER), str(path), str(tmp_path / "one"), "joint")
    run(*TORCHRUN, str(WORKER), str(path), str(tmp_path / "two"), "joint")
    alone, *pair = (load_file(tmp_path / f"{name}.safetensors") for name in ("one/rank0", "two/rank0", "two/rank1"))
    for name, value in alone.items():
        assert torch.equal(pair[0][name], pair[1][name]), name
        torch.testing.assert_close(pair[0][name], value, rtol=0, atol=1e-3)
    logs = [[json.loads(line) for line in (tmp_path / name / "metrics.jsonl").open()] for name in ("one", "two")]
    for one, two in zip(*logs, strict=True):
        assert two["weights"] == pytest.approx(one["weights"], abs=1e-3)
    assert len({round(weight, 2) for weight in logs[0][-1]["weights"].values()}) > 1


def test_two_processes_log_the_losses_of_whole_batches(recipe, tmp_path):
    path = recipe(log_steps=3, steps_per_epoch=7)
    run(sys.executable, str(WORKER), str(path), str(tmp_path / "one"), "per_task")
    run(*TORCHRUN, str(WORKER), str(path), str(tmp_path / "two"), "per_task")
    logs = [[json.loads(line) for line in (tmp_path / name / "metrics.jsonl").open()] for name in ("one", "two")]
    one, two = ([event for event in log if event["event"] == "loss"] for log in logs)
    assert [event["step"] for event in two] == [3, 6, 9, 12]
    for alone, shared in zip(one, two, strict=True):
        assert shared["losses"] == pytest.approx(alone["losses"], abs=1e-3)


@pytest.mark.parametrize("step", ["joint", "per_task"])
def test_two_processes_measure_affinity_as_one(recipe, tmp_path, step):
    path = recipe(affinity={"steps": 3}, steps_per_epoch=6, epochs=1)
    run(sys.executable, str(WORKER), str(path), str(tmp_path / "one"), step)
    run(*TORCHRUN, str(WORKER), str(path), str(tmp_path / "two"), step)
    logs = [[json.loads(line) for line in (tmp_path / name / "metrics.jsonl").open()] for name in ("one", "two")]
    one, two = ([event for event in log if event["event"] == "affinity"] for log in logs)
    assert [event["step"] for event in two] == [3, 6]
    for alone, shared in zip(one, two, strict=True):
        for source, targets in alone["affinity"].items():
            assert shared["affinity"][source] == pytest.approx(targets, rel=2e-2, abs=2e-6)
    alone, *pair = (load_file(tmp_path / f"{name}.safetensors") for name in ("one/rank0", "two/rank0", "two/rank1"))
    for name, value in alone.items():
        assert torch.equal(pair[0][name], pair[1][name]), name
        torch.testing.assert_close(pair[0][name], value, rtol=0, atol=1e-4)


def test_command_trains_with_two_processes(recipe, tmp_path):
    path = recipe("both", noise=0.2)
    run(*TORCHRUN, "-m", "hf_sluice", "train", str(path))
    assert json.loads((tmp_path / "both" / "results.json").read_text())["processes"] == 2


def test_launch_of_unconnected_copies_is_refused(recipe, tmp_path):
    path = recipe("refused")
    done = run(
        sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1",
        "--mixed_precision", "no", "--dynamo_backend", "no", "-m", "hf_sluice", "train", str(path), check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "each would train alone" in done.stderr
    assert not (tmp_path / "refused").exists()


def test_one_process_under_accelerate_launch(recipe, tmp_path):
    path = recipe("launched")
    run(
        sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "1", "--num_machines", "1",
        "--mixed_precision", "no", "--dynamo_backend", "no", "-m", "hf_sluice", "train", str(path),
    )  # fmt: skip
    assert (tmp_path / "launched" / "model" / "model.safetensors").exists()


@pytest.mark.parametrize("step", ["joint", "per_task"])
def test_killed_in_mid_epoch_and_resumed_ends_the_same_to_the_bit(recipe, tmp_path, step):
    options = {"step": step, "epochs": 12, "checkpoint_steps": 3, "optimizer": "adamw", "learning_rate": 0.01}
    left_alone, killed = recipe("left_alone", noise=0.2, **options), recipe("killed", noise=0.2, **options)
    run(*TRAIN, str(left_alone))
    process = subprocess.Popen([*TRAIN, str(killed)], env=environment(), stderr=subprocess.PIPE)
    checkpoints = tmp_path / "killed" / "checkpoints"
    steps_in_epoch = 8 if step == "joint" else 24
    while process.poll() is None:
        latest = max((int(p.name.removeprefix("step-")) for p in checkpoints.glob("step-*")), default=0)
        if latest > steps_in_epoch and latest % steps_in_epoch:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    process.wait()
    assert process.returncode == -signal.SIGKILL, "the run was over before it could be killed"
    assert not (tmp_path / "killed" / "results.json").exists()
    run(*TRAIN, str(killed), "--resume")
    models = [tmp_path / name / "model" / "model.safetensors" for name in ("left_alone", "killed")]
    assert models[0].read_bytes() == models[1].read_bytes()
    logs = [
        [json.loads(line) for line in (tmp_path / name / "metrics.jsonl").open()] for name in ("left_alone", "killed")
    ]
    for events in zip(*logs, strict=True):
        ours, theirs = ({k: v for k, v in event.items() if k != "tokens_per_second"} for event in events)
        assert ours == theirs
