"""The candidates of a search as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.mask_tables import percent
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.training.pruning.candidates import Candidate

_CHOSEN = "◀"


def candidates_table(task: str, candidates: Sequence[Candidate], chosen: Candidate) -> TextTable:
    """A task's candidates, round by round, the chosen one marked.

    Args:
        task: name.
        candidates: in the order of their rounds.
        chosen: one of them.
    """
    rows = tuple(
        (
            str(one.round),
            percent(one.sparsity),
            f"{one.weights:,}",
            NOTHING if one.value is None else f"{one.value:.4f}",
            f"{one.loss:.4f}",
            _CHOSEN if one == chosen else "",
        )
        for one in candidates
    )
    columns = ("round", "sparsity", "weights", "development score", "training loss", "chosen")
    return TextTable(f"Candidates for {task}", columns, rows, num_names=1)
