"""Takes tasks out of a sluice network: the networks and layers that they depend on, α and β among these.

Shape letters: M tasks, N networks, K layers, S subspaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from .alpha_entries import FIXED
from .model_part import ModelPart
from .network_plan import layers_read, plan_layers
from .sharing_table import MixingTable, SharingTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from .configuration_sluice import SluiceConfig
    from .network_plan import LayerPlan


def part_of_networks(
    config: SluiceConfig,
    state: Mapping[str, Tensor],
    built: Sequence[Sequence[int]],
    alpha: Tensor,
    beta: Tensor,
    tasks: Sequence[int],
) -> ModelPart:
    """The part of a sluice network that some tasks depend on, its α and β fixed at the values that they have.

    A network is left out where no path of weights other than 0 leads from it to one of the tasks.

    Args:
        config: of the whole network.
        state: its parameters and buffers.
        built: per layer the networks that it has weights of, in their order.
        alpha: (K, N·S, N·S).
        beta: (M, K).
        tasks: indices.

    Raises:
        ValueError: a task that reads no layer.
    """
    subspaces, read = config.num_subspaces, config.networks_read()
    table = SharingTable(tuple(read[task] for task in tasks), _fixed(alpha), _fixed(beta[list(tasks)]))
    names = [config.task_names[task] for task in tasks]
    for row, name in enumerate(names):
        if not layers_read(table, row):
            raise ValueError(f"task {name!r} reads no layer: its β is 0 throughout")
    plan = plan_layers(table, subspaces, range(len(tasks)))
    networks = sorted({network for step in plan for network in (*step.sources, *step.targets)})
    units = [network * subspaces + s for network in networks for s in range(subspaces)]
    alpha = alpha.detach()[: len(plan), units][:, :, units]
    beta = beta.detach()[list(tasks), : len(plan)]
    return ModelPart(
        fields={
            "sharing": "fixed",
            "num_layers": len(plan),
            "alpha_init": alpha.tolist(),
            "beta_init": beta.tolist(),
            "task_layers": None,
            "task_networks": {name: networks.index(read[task]) + 1 for name, task in zip(names, tasks, strict=True)},
        },
        state={
            **{name: value for name, value in state.items() if name.startswith("words.")},
            **_layers(state, built, plan),
            **_weights("alpha_weights.", alpha),
            **_weights("beta_weights.", beta),
        },
    )


def _fixed(values: Tensor) -> MixingTable:
    array = values.detach().float().cpu().numpy()
    return MixingTable(np.full(array.shape, FIXED), array)


def _layers(
    state: Mapping[str, Tensor], built: Sequence[Sequence[int]], plan: Sequence[LayerPlan]
) -> dict[str, Tensor]:
    layers: dict[str, Tensor] = {}
    for layer, step in enumerate(plan):
        rows = [built[layer].index(network) for network in step.sources]
        prefix = f"layers.{layer}."
        layers |= {name: value[rows] for name, value in state.items() if name.startswith(prefix)}
    return layers


def _weights(prefix: str, values: Tensor) -> dict[str, Tensor]:
    """The state of ``MixingWeights`` of which none is learned."""
    slots = torch.full(values.shape, FIXED, device=values.device)
    return {f"{prefix}slots": slots, f"{prefix}fixed": values}
