"""Runs of a store, made by the commands that need them: here or on a cluster, with a bar for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from hf_sluice.commands.terminal import console
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.jobs import Pool
    from hf_sluice.experiments.store import RunStore

Jobs: TypeAlias = Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Runs to make at a time.")]
OnRay: TypeAlias = Annotated[
    bool, typer.Option("--ray", help="Make them on the Ray cluster of RAY_ADDRESS, or of this machine.")
]
StoreFolder: TypeAlias = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the runs are kept.")]
DEFAULT_STORE = Path("runs/experiments/runs")


def make_runs(
    missing: Collection[Point],
    store: RunStore,
    jobs: int,
    folders: Collection[Path],
    *,
    on_ray: bool,
    keep_models: frozenset[str] = frozenset(),
) -> Sequence[str]:
    """Makes runs, and says on standard error how far they are.

    Args:
        missing: what for; none of them finished.
        store: where they are kept.
        jobs: how many at a time.
        folders: where results will go; made now, so that one that cannot be is found out now rather than after hours.
        on_ray: whether a cluster makes them.
        keep_models: the keys of those that keep their models.

    Returns:
        A line for each run that failed.

    Raises:
        UserError: a corpus is not there, or Ray, or a folder cannot be made.
    """
    from hf_sluice.experiments.collect import make_folder
    from hf_sluice.experiments.planning import check_sources
    from hf_sluice.experiments.progress import RunsProgress
    from hf_sluice.experiments.runner import Runner

    if not missing:
        return ()
    if not on_ray:
        check_sources(missing)
    for folder in folders:
        make_folder(folder)
    pool = _pool(min(jobs, len(missing)), on_ray=on_ray)
    with RunsProgress(len(missing), store, console(stderr=True)) as progress, pool:
        Runner(store, pool, progress, keep_models).make(missing)
    return progress.failures


def tell_failures(failures: Sequence[str]) -> None:
    """Says on standard error which runs failed."""
    for failure in failures:
        console(stderr=True).print(f"hf-sluice: failed: {failure}", markup=False)


def _pool(workers: int, *, on_ray: bool) -> Pool:
    if on_ray:
        try:
            from hf_sluice.experiments.ray_pool import RayPool
        except ModuleNotFoundError as error:
            raise UserError(f"--ray: {error.name} is not installed; pip install 'hf-sluice[ray]'") from None
        return RayPool(workers)
    from hf_sluice.experiments.local_pool import LocalPool
    from hf_sluice.experiments.worker_processes import visible_gpus

    return LocalPool(workers, visible_gpus())
