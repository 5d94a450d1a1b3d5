"""The search for a subnet per task: Algorithm 1 of Sun et al. (2020), iterative magnitude pruning, and its like.

Departures: a search ends before its final sparsity where pruning on would leave a layer below another without weights,
which is no network any more; and the last subnet is trained and scored, too.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from filelock import Timeout

from hf_sluice.models.mask_measures import num_kept, sparsity
from hf_sluice.models.task_masks import check_layers
from hf_sluice.training.pruning.candidates import Candidate
from hf_sluice.training.pruning.importance import IMPORTANCE
from hf_sluice.training.pruning.prune import count_rounds, prune
from hf_sluice.training.pruning.record import SearchRecord
from hf_sluice.training.pruning.warm_up import warm_up
from hf_sluice.training.pruning.workbench import seed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from torch import Tensor

    from hf_sluice.training.pruning.search_folder import SearchFolder
    from hf_sluice.training.pruning.settings import MaskSettings
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
                for candidate in search_task(bench, start, record):
                    tell(progress_line(bench.masks, bench.shapes, task, candidate))
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


def search_task(bench: Workbench, start: Mapping[str, Tensor], record: SearchRecord) -> Iterator[Candidate]:
    """Algorithm 1 for one task, from the first round that is not on record.

    A round trains the subnet from the start, notes its development score, and prunes.

    Args:
        bench: where to train.
        start: the weights that all rounds begin with.
        record: of the task.

    Yields:
        The candidate of each round that was made, as soon as it is on record.
    """
    while not record.is_finished:
        began = time.perf_counter()
        number, mask = len(record.candidates), record.next_mask()
        seed = seed_of(bench.recipe.seed, record.task, number)
        bench.rewind(start, {record.task: mask})
        loss = bench.train(bench.model, record.task, seed)
        score, value = bench.score(record.task)
        pruned = _pruned(bench, start, record.task, mask, seed)
        seconds = round(time.perf_counter() - began, 2)
        candidate = Candidate(number, sparsity(mask), num_kept(mask), score, value, loss, seconds)
        record.add(candidate, pruned)
        yield candidate


def progress_line(
    settings: MaskSettings, shapes: Mapping[str, tuple[int, ...]], task: str, candidate: Candidate
) -> str:
    """What is told of a round."""
    rounds = count_rounds(shapes, settings.pruning_rate, settings.final_sparsity, settings.scope)
    share, score = f"{candidate.sparsity:.1%} of the weights", f"development score {candidate.score:.4f}"
    return f"{task}: round {candidate.round} of {rounds}, {share}, {score}"


def _pruned(
    bench: Workbench, start: Mapping[str, Tensor], task: str, mask: Mapping[str, Tensor], seed: int
) -> dict[str, Tensor] | None:
    """The mask of the next round; None where there is none."""
    settings = bench.masks
    if sparsity(mask) <= settings.final_sparsity:
        return None
    importance = IMPORTANCE[settings.method](bench, start, task, mask, seed)
    pruned = prune(mask, importance, settings.pruning_rate, settings.scope)
    try:
        check_layers(task, pruned, bench.model.config.num_layers)
    except ValueError:
        return None
    return pruned
