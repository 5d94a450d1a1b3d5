"""Initial values of α and β (Ruder et al. 2019, "Model": a bias towards one source subspace, and the last layer)."""

from __future__ import annotations

from typing import Any

import numpy as np

ALPHA_INITS = ("balanced", "imbalanced", "identity")
BETA_INITS = ("last", "balanced")

_FAVOURED = 0.95  # the papers' α towards the favoured source subspace
_OWN = 0.9  # own subspace (identity), last layer (β)


def initial_alpha(init: str | list[Any], num_layers: int, num_networks: int, num_subspaces: int) -> np.ndarray:
    """Initial α; with one subspace that of networks as wholes.

    Args:
        init: ``balanced`` (every entry 1/(N·S)), ``imbalanced`` (the papers': network n draws .95 from subspace
            S − 1 − (n mod S) of every network, the other subspaces share .05; with one subspace .95 from itself and
            the other networks share .05), ``identity`` (own subspace .9, the rest shares .1), or explicit values of
            shape (K, N·S, N·S), or (N·S, N·S) for all layers alike.
        num_layers: K.
        num_networks: N.
        num_subspaces: S.

    Returns:
        (K, N·S, N·S), float64; row = target, column = source.

    Raises:
        ValueError: unknown name, or values of another shape.
    """
    units = num_networks * num_subspaces
    shape = (num_layers, units, units)
    if not isinstance(init, str):
        side = "networks" if num_subspaces == 1 else "networks·subspaces"
        return _explicit("alpha_init", init, shape, f"(layers, {side}, {side})")
    if init == "balanced":
        layer = np.full((units, units), 1 / units)
    elif init == "identity":
        layer = _mostly(np.eye(units, dtype=bool), _OWN)
    elif init == "imbalanced":
        layer = _imbalanced(num_networks, num_subspaces)
    else:
        raise ValueError(f"alpha_init {init!r} is none of {', '.join(ALPHA_INITS)}, nor a nested list of numbers")
    return np.broadcast_to(layer, shape).copy()


def initial_beta(init: str | list[Any], num_tasks: int, num_layers: int) -> np.ndarray:
    """Initial β.

    Args:
        init: ``last`` (last layer .9, the others share .1), ``balanced`` (1/K), or explicit values of shape (M, K),
            or (K,) for all tasks alike.
        num_tasks: M.
        num_layers: K.

    Returns:
        (M, K), float64.

    Raises:
        ValueError: unknown name, or values of another shape.
    """
    shape = (num_tasks, num_layers)
    if not isinstance(init, str):
        return _explicit("beta_init", init, shape, "(tasks, layers)")
    if init == "balanced":
        return np.full(shape, 1 / num_layers)
    if init == "last":
        is_last = np.zeros(shape, dtype=bool)
        is_last[:, -1] = True
        return _mostly(is_last, _OWN)
    raise ValueError(f"beta_init {init!r} is none of {', '.join(BETA_INITS)}, nor a nested list of numbers")


def num_units(alpha_init: str | list[Any]) -> int | None:
    """N·S as explicit values of α have it; None where a name is given, or something that has no such shape."""
    try:
        shape = () if isinstance(alpha_init, str) else np.shape(alpha_init)
    except ValueError:  # lists of unequal length
        return None
    return shape[-1] if len(shape) in (2, 3) else None


def _imbalanced(num_networks: int, num_subspaces: int) -> np.ndarray:
    if num_subspaces == 1:
        return _mostly(np.eye(num_networks, dtype=bool), _FAVOURED)
    favoured_N = num_subspaces - 1 - np.arange(num_networks) % num_subspaces
    is_favoured_NS = np.arange(num_subspaces) == favoured_N[:, None]
    weights_NS = np.where(is_favoured_NS, _FAVOURED, (1 - _FAVOURED) / (num_subspaces - 1))
    return np.repeat(np.tile(weights_NS, num_networks), num_subspaces, axis=0)


def _mostly(chosen: np.ndarray, weight: float) -> np.ndarray:
    """``weight`` at the one chosen entry of each row, the rest shared evenly by the others; 1 where there are none."""
    others = chosen.shape[-1] - 1
    if others == 0:
        return np.ones(chosen.shape)
    return np.where(chosen, weight, (1 - weight) / others)


def _explicit(field: str, values: list[Any], shape: tuple[int, ...], meaning: str) -> np.ndarray:
    wanted = f"{field} should have the shape {list(shape)} = {meaning}, or {list(shape[1:])}"
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{wanted}; its lists are of unequal length or hold something that is no number") from None
    if array.shape not in (shape, shape[1:]):
        raise ValueError(f"{wanted}, not {list(array.shape)}")
    if not np.isfinite(array).all():
        raise ValueError(f"{field} holds a value that is not finite")
    return np.broadcast_to(array, shape).copy()
