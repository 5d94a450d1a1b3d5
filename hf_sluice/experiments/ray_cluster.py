"""The Ray cluster that work is given to: the one there is, or one of this machine's own."""

from __future__ import annotations

import os
from typing import Any

import ray

from hf_sluice.errors import UserError

_OPTIONS: dict[str, Any] = {"log_to_driver": False, "logging_level": "error"}
_ANY, _OWN = "auto", "local"  # in Ray's words


def connect(workers: int) -> None:
    """Connects to the cluster that ``RAY_ADDRESS`` names or that runs on this machine.

    Where there is none, or the name is ``local``, one is started on this machine; it ends with the connection.

    Args:
        workers: CPUs of a cluster that is started.

    Raises:
        UserError: no cluster answers at ``RAY_ADDRESS``.
    """
    address = os.environ.get("RAY_ADDRESS", _ANY)
    if address != _OWN:
        try:
            ray.init(address=address, **_OPTIONS)
        except ConnectionError as error:
            if address != _ANY:
                raise UserError(f"RAY_ADDRESS {address!r}: no Ray cluster answers there ({error})") from None
        else:
            return
    ray.init(address=_OWN, num_cpus=workers, include_dashboard=False, **_OPTIONS)


def needs_of_a_worker() -> dict[str, Any]:
    """What a worker is to have: a CPU and, where the cluster has some, a GPU; what dies is not tried again unasked."""
    return {"num_cpus": 1, "num_gpus": 1 if ray.cluster_resources().get("GPU") else 0, "max_retries": 0}
