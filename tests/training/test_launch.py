from __future__ import annotations

import os

import pytest
from accelerate.tracking import get_available_trackers

from hf_sluice.errors import UserError
from hf_sluice.training.launch import (
    check_connected,
    check_precision,
    check_trackers,
    make_accelerator,
    promised_processes,
)
from hf_sluice.training.settings import TrainingSettings

LAUNCHES = {
    "by hand": ({"PATH": "/bin"}, 1),
    "torchrun of one": ({"WORLD_SIZE": "1", "RANK": "0", "MASTER_ADDR": "127.0.0.1"}, 1),
    "torchrun": ({"WORLD_SIZE": "2", "RANK": "1", "LOCAL_RANK": "1", "MASTER_ADDR": "127.0.0.1"}, 2),
    "accelerate launch on GPUs": ({"WORLD_SIZE": "4", "MASTER_ADDR": "x", "ACCELERATE_MIXED_PRECISION": "no"}, 4),
    "accelerate launch of one": ({"ACCELERATE_MIXED_PRECISION": "no", "ACCELERATE_USE_CPU": "true"}, 1),
    "accelerate launch --cpu --num_processes 2": (
        {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500", "ACCELERATE_MIXED_PRECISION": "no"}, 0,
    ),
    "a leftover address": ({"MASTER_ADDR": "127.0.0.1"}, 1),
    "mpirun of Open MPI": ({"OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "0"}, 3),
    "mpirun of MPICH": ({"PMI_SIZE": "2"}, 2),
    "mpirun of MVAPICH": ({"MV2_COMM_WORLD_SIZE": "2"}, 2),
    "srun": ({"SLURM_STEP_NUM_TASKS": "4", "SLURM_NTASKS": "4"}, 4),
    "sbatch without srun": ({"SLURM_NTASKS": "4"}, 1),
    "torchrun in a step of SLURM": ({"WORLD_SIZE": "8", "SLURM_STEP_NUM_TASKS": "1"}, 8),
    "no number": ({"WORLD_SIZE": "", "PMI_SIZE": "many"}, 1),
}  # fmt: skip


@pytest.mark.parametrize(("environment", "promised"), LAUNCHES.values(), ids=LAUNCHES)
def test_how_many_processes_a_launcher_promises(environment, promised):
    assert promised_processes(environment) == promised


@pytest.mark.parametrize(("environment", "promised"), LAUNCHES.values(), ids=LAUNCHES)
def test_as_many_connected_processes_as_promised_are_right(environment, promised):
    check_connected(promised, environment)


@pytest.mark.parametrize(("environment", "promised"), [launch for launch in LAUNCHES.values() if launch[1] != 1])
def test_a_process_alone_among_several_is_refused(environment, promised):
    with pytest.raises(UserError) as caught:
        check_connected(1, environment)
    meant = "several" if promised == 0 else promised
    assert str(caught.value) == (
        f"launched as one of {meant} processes, but connected to 0 others: each would train alone; on CPUs use "
        "`torchrun --nproc_per_node N -m hf_sluice train …`"
    )


def test_fewer_processes_than_promised_are_refused():
    with pytest.raises(UserError, match=r"^launched as one of 4 processes, but connected to 1 others"):
        check_connected(2, {"WORLD_SIZE": "4"})


def test_processes_connected_without_a_launcher_are_right():
    check_connected(2, {})


def test_trackers_that_are_there_are_taken():
    check_trackers([])
    check_trackers([str(tracker) for tracker in get_available_trackers()])


def test_a_tracker_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"^training\.trackers: 'tensorbord' is unknown or not installed; usable here:"):
        make_accelerator(TrainingSettings(trackers=["tensorbord"]), tmp_path)


def test_a_run_by_hand_is_one_process_and_changes_no_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("ACCELERATE_USE_CPU", raising=False)
    accelerator = make_accelerator(TrainingSettings(), tmp_path)

    assert (accelerator.num_processes, accelerator.is_main_process) == (1, True)
    assert "ACCELERATE_USE_CPU" not in os.environ


def test_a_launch_as_unconnected_copies_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "2")
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")

    with pytest.raises(UserError, match=r"^launched as one of 2 processes, but connected to 0 others"):
        make_accelerator(TrainingSettings(), tmp_path)


@pytest.mark.parametrize("name", ["fp16", "fp8"])
def test_number_formats_that_need_scaled_gradients_are_refused(name):
    check_precision("no")
    check_precision("bf16")
    with pytest.raises(UserError, match=rf"^mixed precision '{name}': training works with no and bf16; "):
        check_precision(name)
