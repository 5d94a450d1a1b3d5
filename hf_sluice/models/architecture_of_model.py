"""Reads a sharing architecture off a model's configuration and state."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from .learned_mixing import LearnedMixing
from .mask_file import MaskSet
from .mixing import MixingWeights
from .sharing_table import sharing_table
from .subnets import SIZES, Subnets
from .task_masks import TaskMasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from torch import Tensor, nn

    from .configuration_sluice import SluiceConfig
    from .configuration_sparse_sharing import SparseSharingConfig
    from .configuration_tagger import TaggerConfig
    from .sharing_table import MixingTable


def mixing_of_model(config: TaggerConfig, state: Mapping[str, Tensor]) -> LearnedMixing | None:
    """α and β of a sluice network, as float32; None of another model.

    Args:
        config: of the model.
        state: parameters and buffers of the model, with or without heads.

    Raises:
        ValueError: the state lacks α or β, or they hold a value that is not finite.
    """
    if config.model_type != "sluice":
        return None
    of = cast("SluiceConfig", config)
    table = sharing_table(of)
    return LearnedMixing(
        sharing=of.sharing,
        num_subspaces=of.num_subspaces,
        layer_connection=of.layer_connection,
        task_networks=of.networks_read(),
        task_layers=of.task_layers,
        alpha=_weights(table.alpha, state, "alpha_weights."),
        beta=_weights(table.beta, state, "beta_weights."),
    )


def subnets_of_model(config: TaggerConfig, state: Mapping[str, Tensor]) -> Subnets | None:
    """Masks of a sparse-sharing model; None of another model. Arguments and errors as above."""
    if config.model_type != "sparse_sharing":
        return None
    masks = TaskMasks(cast("SparseSharingConfig", config))
    _load(masks, state, "task_masks.")
    sizes = {name: getattr(config, name) for name in SIZES}
    return Subnets(sizes, MaskSet({task: masks.of_task(task) for task in masks.tasks}))


@torch.no_grad()
def _weights(table: MixingTable, state: Mapping[str, Tensor], prefix: str) -> np.ndarray:
    weights = MixingWeights(table)
    _load(weights, state, prefix)
    return weights().numpy()


def _load(module: nn.Module, state: Mapping[str, Tensor], prefix: str) -> None:
    """Gives a module its part of a state; what comes before the prefix depends on whether there are heads."""
    names = {name: found for found in state for name in module.state_dict() if f".{found}".endswith(f".{prefix}{name}")}
    if len(names) < len(module.state_dict()):
        raise ValueError(f"the model's state lacks {prefix}{min(module.state_dict().keys() - names.keys())}")
    try:
        module.load_state_dict({name: state[found] for name, found in names.items()})
    except (RuntimeError, NotImplementedError) as error:  # another shape; a model without memory
        raise ValueError(f"{prefix.rstrip('.')}: {str(error).splitlines()[-1].strip()}") from None
