"""Takes tasks out of a tagger, as a tagger of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .configuration_tagger import TaggerConfig
    from .modeling_tagger import TaggerForTokenClassification

    Tagger = TypeVar("Tagger", bound=TaggerForTokenClassification)


def extract_tasks(model: Tagger, tasks: Sequence[str]) -> Tagger:
    """A tagger of some tasks alone, with the predictions of the whole one when it is asked for these tasks.

    What they do not depend on is left out: other heads, networks of a sluice network, layers. A sluice network becomes
    one whose α and β are fixed; of a sparse-sharing model the subnets are left, with their masks and the other weights
    0. Logits are the same bit for bit on a CPU, unless learned entries of α or β are exactly 0: what they lead to is
    left out too, and sums may be taken in another order.

    Args:
        model: the whole tagger; it stays as it is.
        tasks: names, in the order that the new model is to have them.

    Returns:
        A model of the same type that shares no memory with the other one, in evaluation mode.

    Raises:
        ValueError: no task, an unknown one or one named twice, or a task that depends on no word.
    """
    names = list(tasks)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"tasks: name one or more of {', '.join(model.config.task_names)}, each once")
    heads = [model.config.task_index(name) for name in names]
    part = model.base.part(names)
    state = {f"{model.base_model_prefix}.{name}": value for name, value in part.state.items()}
    for new, old in enumerate(heads):
        state |= {f"heads.{new}.{name}": value for name, value in model.heads[old].state_dict().items()}
    with torch.device("meta"):  # nothing is drawn at random, nothing is held twice
        make: Callable[[TaggerConfig], Tagger] = type(model)
        extracted = make(_config_of(model.config, names, part.fields))
    extracted.load_state_dict({name: value.clone() for name, value in state.items()}, assign=True)
    return extracted.eval()


def _config_of(config: TaggerConfig, tasks: Sequence[str], fields: Mapping[str, Any]) -> TaggerConfig:
    values = config.to_dict()
    of_task = {task["name"]: task for task in values["tasks"]}
    chosen: dict[str, Any] = {"tasks": [of_task[name] for name in tasks]}
    if config.default_task not in tasks:
        chosen["default_task"] = None
    return type(config).from_dict({**values, **chosen, **fields})
