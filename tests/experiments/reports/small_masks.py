"""Made-up records of runs of sparse sharing."""

from __future__ import annotations

import itertools

NOT_SLUICE = {"num_subspaces": None, "alpha": None, "beta": None}
RATE = 0.9


def masks_of(sparsity, pairs=None):
    """What a record says of masks: per task its sparsity, and the overlap of pairs, by default the product."""
    found = pairs or {(a, b): sparsity[a] * sparsity[b] for a, b in itertools.combinations(sparsity, 2)}
    overlap = min(found.values()) if found else 1.0
    return {"sparsity": dict(sparsity), "overlap": overlap, "pairs": [[*pair, ratio] for pair, ratio in found.items()]}


def search_of(score, chosen, rounds=4):
    """What a record says of a search: candidates whose value is ``score(task, round)``, and the rounds chosen."""
    return {
        "candidates": {
            task: [
                {
                    "round": number,
                    "sparsity": RATE**number,
                    "weights": 1000,
                    "score": score(task, number),
                    "value": score(task, number),
                    "loss": 0.1,
                    "seconds": 36.0,
                }
                for number in range(rounds)
            ]
            for task in chosen
        },
        "chosen_round": dict(chosen),
    }
