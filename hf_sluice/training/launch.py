"""The accelerator of a run, connected to the run's other processes or refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, get_args

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.tracking import get_available_trackers

from hf_sluice.errors import UserError
from hf_sluice.training.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hf_sluice.training.settings import TrainingSettings

# How launchers tell a process the number of its fellows. (SLURM_NTASKS is set outside of `srun` as well.)
_SIZES = ("WORLD_SIZE", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS")


def make_accelerator(settings: TrainingSettings, run_folder: Path, *, masked: bool = False) -> Accelerator:
    """The accelerator of this process.

    Args:
        settings: how to train.
        run_folder: where trackers write.
        masked: whether the model has masks, which may leave parameters unused in any step.

    Raises:
        UserError: the process was launched as one of several and is not connected to them, a tracker is not
            installed, or the launcher chose a number format in which nothing is trained.
    """
    check_trackers(settings.trackers)
    if promised_processes(os.environ) > 1 and not torch.cuda.is_available():
        # Without this, accelerate takes processes on a machine without GPU for independent ones.
        os.environ.setdefault("ACCELERATE_USE_CPU", "true")
    accelerator = Accelerator(
        mixed_precision=settings.mixed_precision,
        log_with=settings.trackers or None,
        project_dir=run_folder,
        # Per-task steps leave heads unused, another set of them each time, and masks may leave layers to no task;
        # looking for them costs time. Buffers (what of α and β is fixed, masks) do not change.
        kwargs_handlers=[
            DistributedDataParallelKwargs(
                find_unused_parameters=masked or settings.step == "per_task", broadcast_buffers=False
            )
        ],
    )
    check_connected(accelerator.num_processes, os.environ)
    check_precision(accelerator.mixed_precision)
    return accelerator


def check_trackers(names: Sequence[str]) -> None:
    """Refuses trackers that could not track anything.

    Raises:
        UserError: a tracker that accelerate does not know or that is not installed.
    """
    available = sorted(str(tracker) for tracker in get_available_trackers())
    for name in names:
        if name not in available:
            usable = ", ".join(available) or "none"
            raise UserError(f"training.trackers: {name!r} is unknown or not installed; usable here: {usable}")


def check_precision(name: str) -> None:
    """Refuses number formats that gradients would have to be scaled for.

    Raises:
        UserError: it is none that the settings offer; the launcher chose it.
    """
    if name not in get_args(Precision):
        raise UserError(
            f"mixed precision {name!r}: training works with {' and '.join(get_args(Precision))}; set "
            "training.mixed_precision, or launch with one of them"
        )


def promised_processes(environment: Mapping[str, str]) -> int:
    """How many processes the launcher meant to start; 0 if the environment only tells that it meant several."""
    sizes = [int(environment[name]) for name in _SIZES if environment.get(name, "").isdigit()]
    if not sizes and "MASTER_ADDR" in environment and "ACCELERATE_MIXED_PRECISION" in environment:
        # `accelerate launch --cpu --num_processes N` prepares for N processes, and starts one.
        return 0
    return max(sizes, default=1)


def check_connected(num_processes: int, environment: Mapping[str, str]) -> None:
    """Refuses a launch whose processes would each train alone.

    Raises:
        UserError: fewer processes are connected than the launcher meant to start.
    """
    promised = promised_processes(environment)
    if num_processes == promised or (promised == 1 and num_processes > 1):
        return
    meant = "several processes" if promised == 0 else f"{promised} processes"
    raise UserError(
        f"launched as one of {meant}, but connected to {num_processes - 1} others: each would train alone; on CPUs use "
        "`torchrun --nproc_per_node N -m hf_sluice train …`"
    )
