from __future__ import annotations

import pytest

from hf_sluice.experiments.runner import Runner
from hf_sluice.experiments.store import RunStore
from tests.experiments.tiny_experiment import Here, Log, grid, what_was_learned

pytest.importorskip("ray")

from hf_sluice.experiments.ray_pool import RayPool

pytestmark = pytest.mark.slow  # a cluster takes seconds to come up, and each of its processes to load the libraries


@pytest.fixture(autouse=True)
def own_cluster(monkeypatch):
    """A cluster of this test's own, whatever runs on this machine."""
    monkeypatch.setenv("RAY_ADDRESS", "local")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_worker_niceness", "0")  # with other work beside it, nothing would be left for its workers


def test_a_cluster_comes_to_the_same_as_this_process(tmp_path):
    runs = grid(tmp_path, seeds=[1, 2])[::3]
    (wrong,) = grid(tmp_path, axes={"source": {"x": {"tasks": ["pos"], "data": {"train_domains": ["nowhere"]}}}})
    here, there = RunStore(tmp_path / "here"), RunStore(tmp_path / "there")
    (there.path / runs[0].key / "checkpoints").mkdir(parents=True)  # left by somebody else
    Runner(here, Here(), Log()).make(runs)
    with RayPool(2) as pool:
        Runner(there, pool, log := Log(), keep_models=frozenset({runs[1].key})).make([*runs, wrong])

    assert sorted(log.done) == sorted(point.key for point in runs)
    assert list(log.given_up) == [wrong.key]
    assert "'nowhere'" in log.given_up[wrong.key].message
    for point in runs:
        assert there.is_finished(point)
        assert what_was_learned(there, point) == what_was_learned(here, point)
        assert {path.name for path in (there.path / point.key).iterdir()} == {
            *("recipe.yaml", "metrics.jsonl", "results.json"),
            *(["model"] if point == runs[1] else []),
        }
