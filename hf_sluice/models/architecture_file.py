"""``architecture.json``: what stands in it, and what is checked before any of it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .architecture_origin import ArchitectureOrigin
from .architecture_tasks import check_tasks
from .learned_mixing import LearnedMixing
from .presets import LAYER_CONNECTIONS, PRESETS
from .strict_json import (
    check_array,
    check_choice,
    check_count,
    check_fields,
    check_kind,
    check_text,
    shown,
)
from .subnets import SIZES, Subnets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .mask_file import MaskSet
    from .sharing_architecture import SharingArchitecture

FORMAT = "hf_sluice.architecture"
VERSION = 1
LARGEST = 8 * 2**20
"""Bytes. α of ten tasks with three layers and two subspaces takes 20 thousand."""

_MODEL_TYPES = ("sluice", "sparse_sharing")
_COMMON = ("format", "version", "model_type", "tasks", "num_layers", "hidden_size", "origin")
_OF_MIXING = ("sharing", "num_subspaces", "layer_connection", "task_networks", "task_layers", "alpha", "beta")
_OF_SUBNETS = ("sizes", "masked_parameters", "masks")
_OF_ORIGIN = ("model", "revision", "commit", "versions")
_LONGEST = 500


def to_fields(architecture: SharingArchitecture) -> dict[str, Any]:
    """The fields of the file, α and β as arrays."""
    origin = architecture.origin
    return {
        "format": FORMAT,
        "version": VERSION,
        "model_type": architecture.model_type,
        "tasks": [{"name": task["name"], **task} for task in architecture.tasks],
        "num_layers": architecture.num_layers,
        "hidden_size": architecture.hidden_size,
        **_of_mixing(architecture.task_names, architecture.mixing),
        **_of_subnets(architecture.subnets),
        "origin": {**{name: getattr(origin, name) for name in _OF_ORIGIN}, "versions": dict(origin.versions)},
    }


def check_format(values: Mapping[str, Any]) -> str:
    """Sees to it that the fields are those of a version that this program reads; returns the type of the model.

    Raises:
        ValueError: they are of another format, of a later version, or of an unknown type.
    """
    if values.get("format") != FORMAT:
        raise ValueError(f"no sharing architecture; its format should be {FORMAT!r}, not {shown(values.get('format'))}")
    if check_count("version", values.get("version")) > VERSION:
        raise ValueError(
            f"is of version {shown(values['version'])} of the format, and this program reads version {VERSION}; "
            "a later hf_sluice reads it"
        )
    model_type = check_choice("model_type", values.get("model_type"), _MODEL_TYPES)
    check_fields(values, (*_COMMON, *(_OF_MIXING if model_type == "sluice" else _OF_SUBNETS)))
    return model_type


def read_tasks(values: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The tasks; raises ValueError where they are damaged."""
    return check_tasks(values["tasks"])


def read_sizes(values: Mapping[str, Any]) -> tuple[int, int]:
    """Layers and units per direction; raises ValueError where they are damaged."""
    return check_count("num_layers", values["num_layers"]), check_count("hidden_size", values["hidden_size"])


def read_mixing(values: Mapping[str, Any], tasks: Sequence[str]) -> LearnedMixing:
    """α and β; raises ValueError where they are damaged, or are not those of these tasks and sizes."""
    num_layers, hidden_size = read_sizes(values)
    subspaces = check_count("num_subspaces", values["num_subspaces"])
    if hidden_size % subspaces:
        raise ValueError(f"hidden_size {hidden_size} cannot be cut into num_subspaces {subspaces} equal parts")
    sharing = check_choice("sharing", values["sharing"], tuple(PRESETS))
    networks = _read_by_task("task_networks", values["task_networks"], tasks)
    layers = None if values["task_layers"] is None else _read_by_task("task_layers", values["task_layers"], tasks)
    if any(layer > num_layers for layer in (layers or {}).values()):
        raise ValueError(f"task_layers: each should be a layer from 1 to {num_layers}")
    alpha = check_kind("alpha", values["alpha"], list)
    units = len(alpha[0]) if alpha and isinstance(alpha[0], list) else 0
    beta = check_kind("beta", values["beta"], dict)
    check_fields(beta, tasks)
    return LearnedMixing(
        sharing=sharing,
        num_subspaces=subspaces,
        layer_connection=check_choice("layer_connection", values["layer_connection"], LAYER_CONNECTIONS),
        task_networks=tuple(network - 1 for network in networks.values()),
        task_layers=layers,
        alpha=check_array("alpha", alpha, (num_layers, units, units)),
        beta=np.stack([check_array(f"beta of {shown(task)}", beta[task], (num_layers,)) for task in tasks]),
    )


def read_subnets(values: Mapping[str, Any], tasks: Sequence[str], masks: MaskSet) -> Subnets:
    """Masks and the sizes that they belong to.

    Args:
        values: the fields.
        tasks: names.
        masks: out of the file beside.

    Raises:
        ValueError: something is damaged, or the masks are others than those described.
    """
    check_fields(check_kind("sizes", values["sizes"], dict), SIZES)
    for name in SIZES:
        if name == "char_encoder":
            check_text(f"sizes: {name}", values["sizes"][name], _LONGEST)
        else:
            check_count(f"sizes: {name}", values["sizes"][name])
    if list(masks.masks) != list(tasks):
        raise ValueError(f"the masks beside it are of the tasks {', '.join(map(shown, masks.masks))}")
    shapes = check_kind("masked_parameters", values["masked_parameters"], dict)
    if shapes != {name: list(shape) for name, shape in masks.shapes.items()}:
        raise ValueError("the masks beside it are of other parameters or shapes")
    subnets = Subnets(values["sizes"], masks)
    if check_kind("masks", values["masks"], dict).get("sha256") != subnets.sha256:
        raise ValueError("the masks beside it are others than those it describes")
    if values["masks"] != _measures(subnets):
        raise ValueError("masks: what is said of them does not hold for the masks beside it")
    return subnets


def read_origin(values: Mapping[str, Any]) -> ArchitectureOrigin:
    """Where it comes from; raises ValueError where this is damaged."""
    origin = check_kind("origin", values["origin"], dict)
    check_fields(origin, _OF_ORIGIN)
    for name in _OF_ORIGIN[:-1]:
        if origin[name] is not None:
            check_text(f"origin: {name}", origin[name], _LONGEST)
    for name, version in check_kind("origin: versions", origin["versions"], dict).items():
        check_text("origin: versions: each name", name, _LONGEST)
        check_text(f"origin: versions: {shown(name)}", version, _LONGEST)
    return ArchitectureOrigin(**origin)


def _of_mixing(tasks: Sequence[str], mixing: LearnedMixing | None) -> dict[str, Any]:
    if mixing is None:
        return {}
    return {
        "sharing": mixing.sharing,
        "num_subspaces": mixing.num_subspaces,
        "layer_connection": mixing.layer_connection,
        "task_networks": {task: network + 1 for task, network in zip(tasks, mixing.task_networks, strict=True)},
        "task_layers": None if mixing.task_layers is None else dict(mixing.task_layers),
        "alpha": mixing.alpha,
        "beta": dict(zip(tasks, mixing.beta, strict=True)),
    }


def _of_subnets(subnets: Subnets | None) -> dict[str, Any]:
    if subnets is None:
        return {}
    shapes = {name: list(shape) for name, shape in subnets.masks.shapes.items()}
    return {"sizes": dict(subnets.sizes), "masked_parameters": shapes, "masks": _measures(subnets)}


def _measures(subnets: Subnets) -> dict[str, Any]:
    return {"sha256": subnets.sha256, **subnets.measures}


def _read_by_task(place: str, values: Any, tasks: Sequence[str]) -> dict[str, int]:
    check_fields(check_kind(place, values, dict), tasks)
    return {task: check_count(f"{place}: {shown(task)}", values[task]) for task in tasks}
