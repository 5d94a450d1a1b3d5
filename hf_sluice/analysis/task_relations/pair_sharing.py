"""What models learned to share, pair by pair: α, β and the overlap of masks, out of finished runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.sharing_tables import Sharing
from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import pandas as pd

OVERLAP = "overlap"
_PAIR = 2


def pair_sharing(runs: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """What runs learned to share, averaged over those that have a pair.

    Args:
        runs: what ``results.json`` of finished runs says; they should differ in their tasks and seeds alone.

    Returns:
        One row per directed pair, indexed by ``(main, auxiliary)``; NaN where no run says it:

        - ``α, layer k`` and ``α, all layers``: mean |α| with which the main task's subspaces draw from the auxiliary
          task's, where both have a network to themselves;
        - ``β, layer k``: of the main task, in runs of two tasks (of more tasks it answers to all of them);
        - ``overlap``: ratio of the two tasks' masks, the same in both directions.

    Raises:
        UserError: no run has two tasks that share by α, β or masks.
    """
    import pandas as pd

    rows = [row for run in runs for row in _rows(run) if len(row) > _PAIR]
    if not rows:
        raise UserError("no run of two or more tasks has α and β or masks; there is no learned sharing to look at")
    table = pd.DataFrame(rows).groupby([MAIN, AUXILIARY], sort=False).mean()
    return table[sorted(table.columns, key=_order)]


def _rows(run: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if run.get("alpha") is not None:
        yield from _of_mixing(Sharing.of_results(run))
    if run.get("masks") is not None:
        for first, second, ratio in run["masks"]["pairs"]:
            for main, auxiliary in ((first, second), (second, first)):
                yield {MAIN: main, AUXILIARY: auxiliary, OVERLAP: ratio}


def _of_mixing(sharing: Sharing) -> Iterator[dict[str, Any]]:
    networks, drawn_KNN = sharing.networks, sharing.block_means()
    for main in sharing.tasks:
        for auxiliary in sharing.tasks:
            if main == auxiliary:
                continue
            row: dict[str, Any] = {MAIN: main, AUXILIARY: auxiliary}
            if main in networks and auxiliary in networks:
                drawn_K = drawn_KNN[:, networks.index(main), networks.index(auxiliary)]
                row |= {**_by_layer("α", drawn_K), "α, all layers": float(drawn_K.mean())}
            if len(sharing.tasks) == _PAIR:
                row |= _by_layer("β", sharing.beta[sharing.tasks.index(main)])
            yield row


def _by_layer(what: str, values_K: np.ndarray) -> dict[str, float]:
    return {f"{what}, layer {layer}": float(value) for layer, value in enumerate(values_K, 1)}


def _order(column: str) -> tuple[int, int]:
    """α, then β, then overlap; layers by their numbers, all of them last."""
    kind, _, layer = column.partition(", ")
    number = layer.removeprefix("layer ")
    return ("α", "β", OVERLAP).index(kind), int(number) if number.isdecimal() else 1_000_000
