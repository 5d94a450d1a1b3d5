"""Configurations of new models with an architecture that another model has learned."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

from .architecture_tasks import sources_of
from .maskable_parameters import maskable_parameters
from .mixing_transfer import transferred_alpha, transferred_beta
from .presets import PRESETS
from .sharing_table import sharing_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .configuration_sluice import SluiceConfig
    from .configuration_sparse_sharing import SparseSharingConfig
    from .learned_mixing import LearnedMixing
    from .sharing_architecture import SharingArchitecture

    Sluice = TypeVar("Sluice", bound=SluiceConfig)
    Sparse = TypeVar("Sparse", bound=SparseSharingConfig)
    Sources = Mapping[str, str | None]

LEARN = ("frozen", "start")
FROZEN = "fixed"
"""The preset that learns nothing of α and β."""

_FULL = "sluice"  # the preset that learns all of α and β
_ONE_NETWORK = "hard_sharing"
_OF_THE_ARCHITECTURE = ("num_layers", "num_subspaces", "layer_connection")


def configure_sluice(
    make: Callable[..., Sluice],
    architecture: SharingArchitecture,
    tasks: Sequence[Mapping[str, Any]],
    sources: Sources | None,
    learn: str,
    fields: Mapping[str, Any],
) -> Sluice:
    """See :meth:`SluiceConfig.from_architecture`; ``make`` is its class."""
    mixing = architecture.mixing
    if mixing is None:
        raise ValueError("the architecture is one of sparse sharing; it is for SparseSharingConfig")
    if learn not in LEARN:
        raise ValueError(f"learn {learn!r} is none of {', '.join(LEARN)}")
    values: dict[str, Any] = {name: getattr(mixing, name) for name in _OF_THE_ARCHITECTURE}
    for name, value in values.items():
        if fields.get(name, value) != value:
            raise ValueError(f"{name}: the architecture is one of {name} {value!r}, not {fields[name]!r}")
    if "task_networks" in fields:
        raise ValueError("task_networks: the architecture says which network a task reads; leave it out")
    own = architecture.task_names
    found = sources_of((task["name"] for task in tasks), own, sources)
    places = {task: None if source is None else own.index(source) for task, source in found.items()}
    values |= {"hidden_size": architecture.hidden_size, **fields, "tasks": copy.deepcopy(list(tasks))}
    configure = _frozen if learn == "frozen" else _start
    return configure(make, mixing, places, values)


def configure_sparse_sharing(
    make: Callable[..., Sparse],
    architecture: SharingArchitecture,
    tasks: Sequence[Mapping[str, Any]],
    sources: Sources | None,
    fields: Mapping[str, Any],
) -> Sparse:
    """See :meth:`SparseSharingConfig.from_architecture`; ``make`` is its class."""
    subnets = architecture.subnets
    if subnets is None:
        raise ValueError("the architecture is one of a sluice network; it is for SluiceConfig")
    sources_of((task["name"] for task in tasks), architecture.task_names, sources)
    shapes = subnets.masks.shapes
    if fields.get("masked_parameters") not in (None, list(shapes)):
        raise ValueError("masked_parameters: they are those of the architecture; leave them out")
    values = {"num_layers": architecture.num_layers, "hidden_size": architecture.hidden_size, **subnets.sizes, **fields}
    values |= {"tasks": copy.deepcopy(list(tasks)), "masked_parameters": None}
    _check_shapes(shapes, maskable_parameters(make(**values)))
    if values["num_layers"] != architecture.num_layers:
        raise ValueError(f"num_layers: the masks are those of {architecture.num_layers} layers")
    return make(**{**values, "masked_parameters": list(shapes)})


def _frozen(
    make: Callable[..., Sluice], mixing: LearnedMixing, places: Mapping[str, int | None], values: dict[str, Any]
) -> Sluice:
    if values.pop("sharing", FROZEN) != FROZEN:
        raise ValueError("sharing: nothing of a frozen architecture is learned; leave it out, or let learn be start")
    if values.pop("task_layers", None) is not None:
        raise ValueError("task_layers: a frozen architecture says which layers a task reads; leave it out")
    fresh = make(**{**values, "sharing": _full_if_fixed(mixing) if None in places.values() else _FULL})
    table = sharing_table(fresh)
    task_networks = None
    alpha = mixing.alpha
    if mixing.has_network_per_task:
        alpha = transferred_alpha(mixing, list(places.values()), table, listen_to_new=False)
    else:
        task_networks = {task: _network_read(mixing, task, place) + 1 for task, place in places.items()}
    beta = transferred_beta(mixing, list(places.values()), table)
    values |= {"alpha_init": alpha.tolist(), "beta_init": beta.tolist(), "task_networks": task_networks}
    return make(**{**values, "sharing": FROZEN})


def _start(
    make: Callable[..., Sluice], mixing: LearnedMixing, places: Mapping[str, int | None], values: dict[str, Any]
) -> Sluice:
    sharing = values.setdefault("sharing", _full_if_fixed(mixing))
    if sharing not in PRESETS or PRESETS[sharing].given_networks:
        learning = [name for name, preset in PRESETS.items() if not preset.given_networks]
        raise ValueError(f"sharing {sharing!r} learns nothing; choose of {', '.join(learning)}")
    if PRESETS[sharing].one_network:
        if mixing.num_networks > 1:
            raise ValueError(f"sharing {sharing!r} has one network, the architecture {mixing.num_networks}")
        if PRESETS[sharing].beta == "task_layers":
            values["task_layers"] = _layers_read(mixing, places) | (values.get("task_layers") or {})
        return make(**values)
    if not mixing.has_network_per_task:
        raise ValueError(
            f"sharing {sharing!r} has a network for each task, the architecture {mixing.num_networks} for "
            f"{len(mixing.task_networks)} tasks; it can be frozen alone"
        )
    table = sharing_table(make(**values))
    networks = list(places.values())
    alpha = transferred_alpha(mixing, networks, table, listen_to_new=True)
    beta = transferred_beta(mixing, networks, table)
    return make(**{**values, "alpha_init": alpha.tolist(), "beta_init": beta.tolist()})


def _full_if_fixed(mixing: LearnedMixing) -> str:
    """The preset that an architecture was learned with, or one that learns it where it was frozen then, too."""
    if mixing.sharing != FROZEN:
        return mixing.sharing
    return _FULL if mixing.has_network_per_task else _ONE_NETWORK


def _network_read(mixing: LearnedMixing, task: str, place: int | None) -> int:
    if place is not None:
        return mixing.task_networks[place]
    if mixing.num_networks > 1:
        raise ValueError(
            f"tasks: the architecture has {mixing.num_networks} networks for {len(mixing.task_networks)} tasks, and "
            f"none for the new task {task!r}; let it take the place of another"
        )
    return 0


def _layers_read(mixing: LearnedMixing, places: Mapping[str, int | None]) -> dict[str, int]:
    layers = list((mixing.task_layers or {}).values())
    return {task: layers[place] for task, place in places.items() if place is not None and layers}


def _check_shapes(shapes: Mapping[str, tuple[int, ...]], of_model: Mapping[str, tuple[int, ...]]) -> None:
    for name, shape in shapes.items():
        if of_model.get(name) != shape:
            has = f"there it is {of_model[name]}" if name in of_model else "there is no such parameter there"
            raise ValueError(f"masks hold for the same shapes alone: that of {name} is {shape}, but {has}")
