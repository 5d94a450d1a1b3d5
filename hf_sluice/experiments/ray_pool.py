"""Workers on a Ray cluster: what they write comes back through Ray, so that the machines need not share a disk.

A cluster's machines need the package installed and, for corpora that are files, HF_SLUICE_DATA's folder in the same
place. A run whose machine goes away begins anew.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import ray
from ray.exceptions import RayError

from hf_sluice.data.load import ROOT_VARIABLE
from hf_sluice.experiments.jobs import Ending, Job, Outcome
from hf_sluice.experiments.ray_cluster import connect, needs_of_a_worker
from hf_sluice.experiments.worker import make_run
from hf_sluice.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

_RECIPE, _RESULTS = "recipe.yaml", "results.json"


class RayPool:
    """One run per CPU of a cluster (and GPU, where it has some), at most a given number at a time.

    The cluster is the one that ``RAY_ADDRESS`` names or that runs on this machine; where there is none, or the name is
    ``local``, one is started on this machine and ends with the pool.

    Args:
        workers: how many runs at a time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._running: dict[ray.ObjectRef, Job] = {}

    def __enter__(self) -> Self:
        connect(self._workers)
        self._task = ray.remote(_make_run_elsewhere).options(**needs_of_a_worker())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        ray.shutdown()  # what this process has begun ends with its connection

    @property
    def has_room(self) -> bool:
        """Whether a worker is free."""
        return len(self._running) < self._workers

    def submit(self, job: Job) -> None:
        """Gives a job to a free worker."""
        root = os.environ.get(ROOT_VARIABLE)
        self._running[self._task.remote(job.recipe.model_dump_json(), job.keep_model, root)] = job

    def wait(self, seconds: float) -> Iterable[tuple[Job, Outcome]]:
        """Jobs that have ended, as soon as there is one, or none after some time."""
        if not self._running:
            time.sleep(seconds)
            return
        for reference in ray.wait(list(self._running), timeout=seconds)[0]:
            job = self._running.pop(reference)
            try:
                outcome, files = ray.get(reference)
            except RayError as error:
                yield job, Outcome(Ending.WORKER_DIED, f"{type(error).__name__}: {str(error).splitlines()[0]}")
                continue
            if files:
                _unpack(files, job.recipe)
            yield job, outcome


def _make_run_elsewhere(recipe: str, keep_model: bool, root: str | None) -> tuple[Outcome, dict[str, bytes]]:
    """Makes a run in a folder that lasts no longer; its files by name, none if it failed."""
    if root is not None:
        os.environ.setdefault(ROOT_VARIABLE, root)
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "run"  # what runs share, such as the search for masks, goes beside it
        moved = Recipe.model_validate_json(recipe).model_copy(update={"output": str(own)})
        outcome = make_run(moved.model_dump_json(), threads=1, keep_model=keep_model)
        return outcome, _packed(own) if outcome.ending is Ending.DONE else {}


def _packed(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _unpack(files: dict[str, bytes], recipe: Recipe) -> None:
    """Writes a run's files to its folder, its results last: their presence says that the run is finished."""
    folder = Path(recipe.output)
    if folder.exists():
        shutil.rmtree(folder)
    for name, content in sorted(files.items(), key=lambda item: item[0] == _RESULTS):
        aside = folder / f"{name}.writing"
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(recipe.to_yaml().encode() if name == _RECIPE else content)
        aside.replace(folder / name)
