"""A worker process: it waits for runs and makes them, and ends when the process that it works for does.

Nothing heavy is imported when the process starts: the number of threads and the GPU are settled first.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.experiments.jobs import Ending, Outcome

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def start_worker(lifeline: Connection, threads: int, gpu: str | None) -> None:
    """Makes this process a worker.

    Args:
        lifeline: an end of a pipe whose other end the employer holds, and closes or leaves to be closed when it dies.
        threads: how many threads to compute with.
        gpu: the one to use, as in CUDA_VISIBLE_DEVICES; None for all that are visible.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the employer decides
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    if gpu is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = gpu


def make_run(recipe: str, *, threads: int, keep_model: bool) -> Outcome:
    """Makes a run, or continues the one that was begun.

    Args:
        recipe: as JSON.
        threads: how many threads to compute with.
        keep_model: whether to keep the model.
    """
    import torch

    from hf_sluice.experiments.run_recipe import run_recipe
    from hf_sluice.recipe import Recipe

    torch.set_num_threads(threads)
    try:
        run_recipe(Recipe.model_validate_json(recipe), keep_model=keep_model)
    except UserError as error:
        return Outcome(Ending.FAILED, str(error))
    # Other runs go on whatever is wrong with this one; and not every exception survives being sent to another process.
    except Exception as error:  # noqa: BLE001
        return Outcome(Ending.FAILED, f"{type(error).__name__}: {error}", traceback.format_exc())
    return Outcome(Ending.DONE)


def _end_with(lifeline: Connection) -> None:
    try:
        lifeline.recv()
    except (EOFError, OSError):
        os._exit(1)
