"""Two processes train as one does; all cases in one launch of each, for a launch takes longer than they do."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors.torch import load_file

from tests.training import two_processes
from tests.training.process_launches import TORCHRUN, run_python, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_STEPS = ("joint", "per_task")

# No task reads the second layer: its parameters would wait for gradients that never come.
_LOWEST_LAYER = {"sharing": "low_supervision", "task_layers": {"pos": 1}}
_SPARSE = {
    "model_type": "sparse_sharing", "hidden_size": 8, "num_layers": 2, "word_embedding_size": 8, "dropout": 0.0,
    "char_embedding_size": 8, "char_filters": 4,
}  # fmt: skip
_MOMENTUM, _ADAMW = {"momentum": 0.9, "learning_rate": 0.1}, {"optimizer": "adamw", "learning_rate": 0.01}
_IN_PIECES = {"model": _SPARSE, "epochs": 1, "objective": "uncertainty", "micro_batch_size": 3}

_EVERY_ITEM: dict[str, dict[str, Any]] = {
    f"{name} {step}": {"sampling": "proportional", "sharing": sharing, "step": step}
    for step in _STEPS
    for name, sharing in (("sluice", None), ("lowest layer", _LOWEST_LAYER))
}
_SUBNETS: dict[str, dict[str, Any]] = {
    "subnets joint": {**_IN_PIECES, **_ADAMW, "step": "joint"},
    "subnets shared state": {**_IN_PIECES, **_MOMENTUM, "step": "per_task", "optimizer_state": "shared"},
    "subnets own states": {**_IN_PIECES, **_ADAMW, "step": "per_task", "optimizer_state": "per_task"},
}
_OBJECTIVES: dict[str, dict[str, Any]] = {
    "uncertainty": {"objective": "uncertainty", "step": "joint"},
    "famo": {"objective": {"name": "famo", "learning_rate": 0.1}, "step": "joint"},
}
_LOSSES: dict[str, dict[str, Any]] = {"losses": {"log_steps": 3, "steps_per_epoch": 7, "step": "per_task"}}
_AFFINITY: dict[str, dict[str, Any]] = {
    f"affinity {step}": {"affinity": {"steps": 3}, "steps_per_epoch": 6, "epochs": 1, "step": step} for step in _STEPS
}
_CASES = {**_EVERY_ITEM, **_SUBNETS, **_OBJECTIVES, **_LOSSES, **_AFFINITY}


@dataclass(frozen=True)
class Trained:
    """One recipe, trained by one process and by two."""

    folder: Path

    @cached_property
    def alone(self) -> dict[str, Any]:
        return json.loads((self.folder / "one" / "rank0.json").read_text())

    @cached_property
    def pair(self) -> list[dict[str, Any]]:
        return [json.loads((self.folder / "two" / f"rank{rank}.json").read_text()) for rank in (0, 1)]

    def logs(self, event: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The events of a kind that one process and two wrote, side by side."""
        paths = [self.folder / name / "metrics.jsonl" for name in ("one", "two")]
        lines = [[json.loads(line) for line in path.read_text().splitlines()] for path in paths]
        return list(zip(*([line for line in log if line["event"] == event] for log in lines), strict=True))

    def assert_same_weights(self, tolerance: float) -> None:
        """Both processes of the pair end with the same weights to the bit, near those of the one."""
        alone, *pair = (
            load_file(self.folder / f"{name}.safetensors") for name in ("one/rank0", "two/rank0", "two/rank1")
        )
        for name, value in alone.items():
            assert torch.equal(pair[0][name], pair[1][name]), name
            torch.testing.assert_close(pair[0][name], value, rtol=0, atol=tolerance)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Every case, by its name."""
    folder = tmp_path_factory.mktemp("pairs")
    for name, training in _CASES.items():
        write_recipe(folder, name, **training)
    two_processes.main(str(folder), "one")
    run_python(*TORCHRUN, two_processes.__file__, str(folder), "two")
    return {name: Trained(folder / name) for name in _CASES}


@pytest.mark.parametrize("case", _EVERY_ITEM)
def test_every_item_is_reached_once_and_trained_on_as_by_one(trained, case):
    single, pair = trained[case].alone, trained[case].pair
    assert single["processes"] == 1
    assert [report["processes"] for report in pair] == [2, 2]
    items = Counter(json.dumps(item) for report in pair for item in report["seen"])
    assert set(items.values()) == {1}
    assert items == Counter(json.dumps(item) for item in single["seen"])
    assert len(items) == 2 * 63 * (1 if case.endswith("joint") else 3)
    trained[case].assert_same_weights(1e-4)
    assert pair[0]["score"] == pytest.approx(single["score"], abs=0.01)


@pytest.mark.parametrize("case", _SUBNETS)
def test_subnets_are_trained_in_pieces_as_by_one(trained, case):
    trained[case].assert_same_weights(1e-4)


@pytest.mark.parametrize("case", _OBJECTIVES)
def test_tasks_are_weighted_as_by_one(trained, case):
    trained[case].assert_same_weights(1e-3)
    epochs = trained[case].logs("epoch")
    for one, two in epochs:
        assert two["weights"] == pytest.approx(one["weights"], abs=1e-3)
    assert len({round(weight, 2) for weight in epochs[-1][0]["weights"].values()}) > 1


def test_losses_logged_are_those_of_whole_batches(trained):
    losses = trained["losses"].logs("loss")
    assert [two["step"] for _, two in losses] == [3, 6, 9, 12]
    for one, two in losses:
        assert two["losses"] == pytest.approx(one["losses"], abs=1e-3)


@pytest.mark.parametrize("case", _AFFINITY)
def test_affinity_is_measured_as_by_one(trained, case):
    measured = trained[case].logs("affinity")
    assert [two["step"] for _, two in measured] == [3, 6]
    for one, two in measured:
        for source, targets in one["affinity"].items():
            assert two["affinity"][source] == pytest.approx(targets, rel=2e-2, abs=2e-6)
    trained[case].assert_same_weights(1e-4)
