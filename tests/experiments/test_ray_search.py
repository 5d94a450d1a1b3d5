from __future__ import annotations

import shutil
from collections import Counter

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.mask_search import search_masks
from tests.experiments.ray_workers import complain, die
from tests.training.pruning.tiny_search import bench_of, folder_of, outcome, recipe_of, searched

pytest.importorskip("ray")

from typing import TYPE_CHECKING

from ray.cluster_utils import Cluster

from hf_sluice.experiments import ray_search
from hf_sluice.experiments.ray_search import RaySearch

if TYPE_CHECKING:
    from hf_sluice.training.pruning.search_folder import SearchFolder

pytestmark = pytest.mark.slow  # a cluster takes seconds to come up, and each of its processes to load the libraries


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """A cluster of two workers, for all tests of this file; each connects to it and leaves it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # with other work beside it, nothing would be left for its workers
        started = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
        patch.setenv("RAY_ADDRESS", started.address)
        yield
        started.shutdown()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The folder of the search of the tiny recipe by one process."""
    folder = tmp_path_factory.mktemp("searches") / "undisturbed"
    searched(folder, recipe_of())
    return folder


def test_a_cluster_comes_to_the_same_as_this_process(tmp_path, undisturbed):
    told = []
    found = search_masks(recipe_of(), tmp_path, jobs=2, on_ray=True, tell=told.append)

    assert outcome(tmp_path) == outcome(undisturbed)
    assert found.candidates.keys() == {"pos", "chunk"}
    assert told[0] == "warm-up: on the cluster"
    rounds = Counter(line.split(",")[0] for line in told[1:])
    assert rounds == Counter(f"{task}: round {number} of 3" for task in ("pos", "chunk") for number in range(4))


def test_a_search_goes_on_from_the_rounds_that_are_on_record(tmp_path, undisturbed):
    shutil.copytree(undisturbed, tmp_path / "search")
    for task, rounds in (("pos", 2), ("chunk", 4)):
        path = tmp_path / "search" / "tasks" / task / "candidates.jsonl"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:rounds]))
    told = []
    search_masks(recipe_of(), tmp_path / "search", jobs=1, on_ray=True, tell=told.append)

    assert [line.split(",")[0] for line in told] == ["pos: round 2 of 3", "pos: round 3 of 3"]
    assert outcome(tmp_path / "search") == outcome(undisturbed)


def search_on(folder: SearchFolder, workers=2):
    with RaySearch(bench_of(recipe_of()), folder, workers, lambda _line: None) as cluster:
        cluster.search(["pos", "chunk"])


def test_a_worker_that_dies_again_and_again_is_given_up_with_all_locks(tmp_path, undisturbed, monkeypatch):
    shutil.copytree(undisturbed, tmp_path / "search")
    shutil.rmtree(tmp_path / "search" / "tasks" / "chunk")
    folder = folder_of(tmp_path / "search", recipe_of())
    monkeypatch.setattr(ray_search, "_search_elsewhere", die)

    with pytest.raises(UserError, match=r"^task '(pos|chunk)': its worker died 3 times \(") as caught:
        search_on(folder)
    assert "\n" not in str(caught.value)
    for task in ("pos", "chunk"):
        with folder.lock(f"task-{task}").acquire(blocking=False):
            pass


def test_what_the_user_has_to_put_right_comes_from_a_worker_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(ray_search, "_warm_up_elsewhere", complain)
    folder = folder_of(tmp_path / "search", recipe_of())

    with pytest.raises(UserError, match=r"^corpus 'x': set HF_SLUICE_DATA$"):
        search_on(folder)
