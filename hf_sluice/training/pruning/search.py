"""The search for a subnet per task: Algorithm 1 of Sun et al. (2020), iterative magnitude pruning, and its like."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from filelock import Timeout

from hf_sluice.models.mask_measures import num_kept, sparsity
from hf_sluice.training.pruning.candidates import Candidate
from hf_sluice.training.pruning.importance import IMPORTANCE
from hf_sluice.training.pruning.prune import prune
from hf_sluice.training.pruning.record import SearchRecord
from hf_sluice.training.pruning.warm_up import warm_up
from hf_sluice.training.pruning.workbench import seed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from torch import Tensor

    from hf_sluice.training.pruning.search_folder import SearchFolder
    from hf_sluice.training.pruning.workbench import Workbench

    Tell = Callable[[str], None]

_SECONDS_BETWEEN_LOOKS = 0.5


def search(bench: Workbench, folder: SearchFolder, tasks: Iterable[str], tell: Tell) -> dict[str, SearchRecord]:
    """Searches for the subnets of some tasks, or takes up where the search was left.

    Tasks are independent of each other: processes that search in the same folder share them out, and each returns when
    all are done.

    Args:
        bench: where to train.
        folder: of the search, open.
        tasks: names.
        tell: called with a line from time to time.

    Raises:
        ModelFolderError: what is there is damaged.
    """
    start = find_start(bench, folder, tell)
    records: dict[str, SearchRecord] = {}
    waiting = deque(tasks)
    passed = 0
    while waiting:
        task = waiting.popleft()
        try:
            with folder.lock(f"task-{task}").acquire(blocking=False):
                record = SearchRecord.open(folder.task(task), task, bench.shapes)
                search_task(bench, start, record, tell)
        except Timeout:  # somebody else is at it
            waiting.append(task)
            passed += 1
            if passed >= len(waiting):
                time.sleep(_SECONDS_BETWEEN_LOOKS)
                passed = 0
            continue
        records[task] = record
    return records


def find_start(bench: Workbench, folder: SearchFolder, tell: Tell) -> dict[str, Tensor]:
    """The weights that all rounds begin with: those after the warm-up, which is made if it has not been.

    Raises:
        ModelFolderError: what is there is damaged.
    """
    with folder.lock("start"):
        if not folder.has_start:
            folder.save_start(warm_up(bench, folder.checkpoints, tell))
    return folder.load_start()


def search_task(bench: Workbench, start: Mapping[str, Tensor], record: SearchRecord, tell: Tell) -> None:
    """Algorithm 1 for one task, from the first round that is not on record.

    A round trains the subnet from the start, notes its development score, and prunes. The last subnet, too, is trained
    and scored: it is a candidate like the others.
    """
    settings, task = bench.masks, record.task
    importance = IMPORTANCE[settings.method]
    while not is_finished(record, settings.final_sparsity):
        began = time.perf_counter()
        number, mask = len(record.candidates), record.next_mask()
        seed = seed_of(bench.recipe.seed, task, number)
        bench.rewind(start, {task: mask})
        loss = bench.train(bench.model, task, seed)
        score, value = bench.score(task)
        share = sparsity(mask)
        pruned = None
        if share > settings.final_sparsity:
            worth = importance(bench, start, task, mask, seed)
            pruned = prune(mask, worth, settings.pruning_rate, settings.scope)
        seconds = round(time.perf_counter() - began, 2)
        record.add(Candidate(number, share, num_kept(mask), score, value, loss, seconds), pruned)
        done = f"round {number} of {settings.num_rounds}"
        tell(f"{task}: {done}, {share:.1%} of the weights, development score {score:.4f}")


def is_finished(record: SearchRecord, final_sparsity: float) -> bool:
    """Whether the last candidate is as sparse as was wanted."""
    return bool(record.candidates) and record.candidates[-1].sparsity <= final_sparsity
