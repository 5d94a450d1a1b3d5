"""What finished runs say of their sharing, for the tests of what is made of it."""

from __future__ import annotations


def sluice_results(tasks, alpha, beta, num_subspaces=1, **values):
    return {
        "tasks": [{"name": task} for task in tasks],
        "num_subspaces": num_subspaces,
        "alpha": alpha,
        "beta": beta,
        **values,
    }


def sparse_results(tasks, pairs):
    return {"tasks": [{"name": task} for task in tasks], "masks": {"overlap": 0.5, "pairs": pairs}}
