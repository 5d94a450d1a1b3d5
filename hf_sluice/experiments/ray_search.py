"""A search for masks on a Ray cluster, whose machines need not share a disk: what they find comes back through Ray.

The warm-up is made once; its weights go to the workers, each of which searches for one task's subnet. A round is on
record here as soon as it is made there, so that a search is resumed from it, here or on a cluster.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import ray
import torch
from filelock import FileLock, Timeout
from ray.exceptions import RayError, RayTaskError

from hf_sluice.data.load import ROOT_VARIABLE
from hf_sluice.errors import UserError
from hf_sluice.experiments.ray_cluster import connect, needs_of_a_worker
from hf_sluice.experiments.run_recipe import kept_corpus
from hf_sluice.experiments.runner import MAX_DEATHS
from hf_sluice.quiet_libraries import quiet_libraries
from hf_sluice.recipe import Recipe
from hf_sluice.training.pruning.record import SearchRecord
from hf_sluice.training.pruning.search import find_start, progress_line, search_task
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from ray import ObjectRef, ObjectRefGenerator
    from torch import Tensor

    from hf_sluice.training.pruning.candidates import Candidate

_SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, slots=True)
class _Searched:
    """A task that a worker searches for.

    Args:
        record: what has come of it.
        lock: held as long as the worker is at it.
    """

    record: SearchRecord
    lock: FileLock


class RaySearch:
    """Searches for the subnets of tasks, a number of them at a time; used as a context.

    Args:
        bench: of the search; nothing is trained on it.
        folder: of the search, open.
        workers: how many tasks at a time.
        tell: called with a line after each round.
    """

    def __init__(self, bench: Workbench, folder: SearchFolder, workers: int, tell: Callable[[str], None]) -> None:
        self._bench = bench
        self._folder = folder
        self._workers = workers
        self._tell = tell
        self._recipe, self._root = bench.recipe.model_dump_json(), os.environ.get(ROOT_VARIABLE)
        self._running: dict[ObjectRefGenerator, _Searched] = {}
        self._deaths: Counter[str] = Counter()

    def __enter__(self) -> Self:
        connect(self._workers)
        self._needs = needs_of_a_worker()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        ray.shutdown()  # what this process has begun ends with its connection
        for searched in self._running.values():
            searched.lock.release()

    def search(self, tasks: Iterable[str]) -> None:
        """Searches for the subnets of some tasks, from the rounds that are on record.

        Raises:
            UserError: something that the user has to put right, or a task whose worker dies again and again.
        """
        start = ray.put(self._start())
        task_search = ray.remote(_search_elsewhere).options(**self._needs, num_returns="streaming")
        waiting = deque(tasks)
        while waiting or self._running:
            for _ in range(min(len(waiting), self._workers - len(self._running))):
                task = waiting.popleft()
                lock = self._folder.lock(f"task-{task}")
                try:
                    lock.acquire(blocking=False)
                except Timeout:  # somebody else is at it
                    waiting.append(task)
                    continue
                record = SearchRecord.open(self._folder.task(task), task, self._bench.shapes)
                arguments = (self._recipe, self._root, task, start, record.candidates, record.left)
                self._running[task_search.remote(*arguments)] = _Searched(record, lock)
            waiting.extend(self._take(_SECONDS_BETWEEN_LOOKS))

    def _start(self) -> Mapping[str, Tensor]:
        """The weights that all rounds begin with."""
        with self._folder.lock("start"):
            if not self._folder.has_start:
                self._tell("warm-up: on the cluster")
                warm_up = ray.remote(_warm_up_elsewhere).options(**self._needs)
                self._folder.save_start(_result(warm_up.remote(self._recipe, self._root)))
        return self._folder.load_start()

    def _take(self, seconds: float) -> Iterator[str]:
        """Puts on record what has come; the tasks whose workers died."""
        generators = list(self._running)
        if not generators:
            return
        for generator in ray.wait(generators, timeout=seconds)[0]:
            record = self._running[generator].record
            try:
                candidate, pruned = _result(next(cast("ObjectRefGenerator", generator)))
            except StopIteration:
                pass
            except RayTaskError:  # a fault of the program
                raise
            except RayError as error:
                self._deaths[record.task] += 1
                if self._deaths[record.task] == MAX_DEATHS:
                    reason = str(error).splitlines()[0]
                    raise UserError(f"task {record.task!r}: its worker died {MAX_DEATHS} times ({reason})") from None
                yield record.task
            else:
                record.add(candidate, pruned)
                self._tell(progress_line(self._bench.masks, self._bench.shapes, record.task, candidate))
                continue
            self._running.pop(generator).lock.release()


def _result(reference: ObjectRef) -> Any:
    """What a worker found; raises its error where it was a user's."""
    try:
        return ray.get(reference)
    except RayTaskError as error:
        if isinstance(error.cause, UserError):
            raise UserError(str(error.cause)) from None
        raise


def _bench(recipe: str, root: str | None) -> Workbench:
    quiet_libraries()
    if root is not None:
        os.environ.setdefault(ROOT_VARIABLE, root)
    torch.set_num_threads(1)
    loaded = Recipe.model_validate_json(recipe)
    return Workbench(loaded, kept_corpus(loaded), "cuda" if torch.cuda.is_available() else "cpu")


def _warm_up_elsewhere(recipe: str, root: str | None) -> dict[str, Tensor]:
    """The weights after the warm-up, from a worker."""
    bench = _bench(recipe, root)
    with tempfile.TemporaryDirectory() as place:
        folder = SearchFolder(Path(place))
        folder.open(bench.recipe)
        return find_start(bench, folder, lambda _line: None)


def _search_elsewhere(
    recipe: str,
    root: str | None,
    task: str,
    start: Mapping[str, Tensor],
    candidates: Sequence[Candidate],
    left: Mapping[str, Tensor],
) -> Iterator[tuple[Candidate, dict[str, Tensor] | None]]:
    """The rounds of a task that are not on record, from a worker: each with the mask of the next one."""
    bench = _bench(recipe, root)
    with tempfile.TemporaryDirectory() as place:
        record = SearchRecord(Path(place), task, bench.shapes)
        record.candidates, record.left = list(candidates), dict(left)
        for candidate in search_task(bench, start, record):
            yield candidate, None if record.is_finished else record.next_mask()
