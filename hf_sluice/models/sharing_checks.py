"""What of a configuration does not go with its sharing preset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .network_plan import layers_read, plan_layers
from .presets import PRESETS

if TYPE_CHECKING:
    from .configuration_sluice import SluiceConfig
    from .sharing_table import SharingTable


def check_sharing(config: SluiceConfig) -> None:
    """Refuses a number of tasks or subspaces, labels, or a way to read layers that a preset makes no sense with.

    Raises:
        ValueError: says which field is wrong and what would be right.
    """
    preset, names = PRESETS[config.sharing], config.task_names
    if not _within(config.num_subspaces, preset.min_subspaces, preset.max_subspaces):
        wanted = _range(preset.min_subspaces, preset.max_subspaces)
        raise ValueError(f"num_subspaces should be {wanted} for sharing {config.sharing!r}, not {config.num_subspaces}")
    if names and not _within(len(names), preset.min_tasks, preset.max_tasks):
        wanted = f"{_range(preset.min_tasks, preset.max_tasks)} {'task' if preset.max_tasks == 1 else 'tasks'}"
        raise ValueError(f"sharing {config.sharing!r} is for {wanted}, not for {len(names)}: {', '.join(names)}")
    if preset.one_label_set:
        _check_one_label_set(config)


def layers_of_tasks(config: SluiceConfig) -> dict[str, int] | None:
    """The layer that each task reads, from 1 to K, where the preset wants it said; None elsewhere.

    What ``task_layers`` leaves out is the last layer for the first task and the first layer for the others (Ruder et
    al. 2019, "Baseline Models").

    Raises:
        ValueError: no such task or layer, or fields that the preset does not read.
    """
    if PRESETS[config.sharing].beta != "task_layers":
        if config.task_layers is not None:
            wanted = ", ".join(name for name, preset in PRESETS.items() if preset.beta == "task_layers")
            raise ValueError(f"task_layers is not read by sharing {config.sharing!r}; it is for {wanted}")
        return None
    if config.layer_connection != "mixture":
        raise ValueError(
            f"layer_connection {config.layer_connection!r} contradicts sharing {config.sharing!r}, which reads one "
            "layer per task; leave it out"
        )
    given = {} if config.task_layers is None else config.task_layers
    _check_numbers("task_layers", given, config, ("layer", config.num_layers, "num_layers"))
    return {name: given.get(name, 1 if i else config.num_layers) for i, name in enumerate(config.task_names)}


def networks_of_tasks(config: SluiceConfig) -> dict[str, int] | None:
    """The network that each task reads, from 1 to N, where the preset wants it said; None elsewhere.

    What ``task_networks`` leaves out is the first network for the first task, and so on.

    Raises:
        ValueError: no such task or network, or a field that the preset does not read.
    """
    if not PRESETS[config.sharing].given_networks:
        if config.task_networks is not None:
            wanted = ", ".join(name for name, preset in PRESETS.items() if preset.given_networks)
            raise ValueError(f"task_networks is not read by sharing {config.sharing!r}; it is for {wanted}")
        return None
    given = {} if config.task_networks is None else config.task_networks
    if isinstance(given, dict):
        given = {name: i for i, name in enumerate(config.task_names, start=1)} | given
    _check_numbers("task_networks", given, config, ("network", config.num_networks, "alpha_init"))
    return given


def check_fixed(table: SharingTable, config: SluiceConfig) -> None:
    """Refuses a fixed β by which a task reads no layer, and a fixed α by which nothing of a layer is drawn on.

    Raises:
        ValueError: names the task or the layer.
    """
    for task, name in enumerate(config.task_names):
        if not layers_read(table, task):
            raise ValueError(f"beta_init: {name!r} should read a layer, but has 0 for all of them")
    for number, step in enumerate(plan_layers(table, config.num_subspaces, range(len(config.tasks))), start=1):
        if not step.sources:
            raise ValueError(f"alpha_init: no task draws on any network of layer {number}")


def _check_numbers(field: str, given: Any, config: SluiceConfig, things: tuple[str, int, str]) -> None:
    """Sees to it that a field gives tasks numbers of things that there are: what they are, how many, and from where."""
    thing, most, source = things
    if not isinstance(given, dict):
        raise ValueError(f"{field} should be a mapping of tasks to {thing}s, not {given!r}")
    for name, number in given.items():
        if name not in config.task_names:
            raise ValueError(f"{field}: {name!r} is none of the tasks {', '.join(config.task_names)}")
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= most:
            raise ValueError(f"{field}: {name!r} should read a {thing} from 1 to {most} ({source}), not {number!r}")


def _check_one_label_set(config: SluiceConfig) -> None:
    def predicted(task: dict[str, Any]) -> Any:
        return task.get("kind", "classification"), list(task.get("labels", ()))

    for task in config.tasks[1:]:
        if predicted(task) != predicted(config.tasks[0]):
            raise ValueError(
                f"tasks: sharing {config.sharing!r} is for domains with one label set, in one order; "
                f"{config.tasks[0]['name']!r} and {task['name']!r} differ"
            )


def _within(value: int, least: int, most: int | None) -> bool:
    return least <= value and (most is None or value <= most)


def _range(least: int, most: int | None) -> str:
    return str(least) if least == most else f"at least {least}" if most is None else f"{least} to {most}"
