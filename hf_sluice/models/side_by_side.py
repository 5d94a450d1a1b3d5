"""Independent work on a CPU side by side: each piece in a thread of its own, where torch would share out every product.

A recurrence is many small products, one after the other. Shared out among threads they wait for each other at each
one, and where something else computes on the machine they mostly wait; whole recurrences need not. That pays where
torch's own threads do not stay awake beside them.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

import torch

from .waiting_threads import threads_wait_briefly

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")

_WORTH = 10_000_000  # multiplications: about 0.1 ms, of which starting takes about a tenth


def side_by_side(pieces: Sequence[Callable[[], Result]], work: int) -> list[Result]:
    """Does all pieces, as many at once as torch may use threads; what they give is in their order.

    They are done one after the other, by torch's own threads, where there are fewer pieces than these or too little
    work, or where these stay awake (see ``waiting_threads``). What is thread's own in torch (gradients,
    autocast, inference) pieces have to set themselves; an exception of one is raised here.

    Args:
        pieces: that do not depend on each other.
        work: of a piece, in multiplications.
    """
    threads = torch.get_num_threads()
    if not 1 < threads <= len(pieces) or work < _WORTH or not threads_wait_briefly():
        return [piece() for piece in pieces]
    pool = _pool(os.getpid(), threads)
    return [future.result() for future in [pool.submit(piece) for piece in pieces]]


@cache
def _pool(process: int, threads: int) -> ThreadPoolExecutor:  # noqa: ARG001 - a fork has the pool, but not its threads
    """Threads of which each computes alone."""
    all_there = Barrier(threads)

    def begin() -> None:
        torch.set_num_threads(1)
        torch.get_num_threads()  # a thread that asks first once the number is larger again takes that over
        all_there.wait()

    pool = ThreadPoolExecutor(threads, "hf_sluice", initializer=begin)
    for started in [pool.submit(torch.get_num_threads) for _ in range(threads)]:
        started.result()
    torch.set_num_threads(threads)  # for threads that others begin, which would follow the latest call
    return pool
