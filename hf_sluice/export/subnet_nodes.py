"""The subnets of a sparse-sharing model as nodes, each with its weights as its mask leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.export.input_nodes import add_inputs, add_lengths
from hf_sluice.export.recurrent_nodes import add_bilstm, side_by_side
from hf_sluice.models.mask_plan import plan_masks

if TYPE_CHECKING:
    import numpy as np

    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights
    from hf_sluice.models.mask_plan import MaskPlan
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification


def add_subnets(graph: Graph, weights: ModelWeights, model: SparseSharingForTokenClassification) -> list[str]:
    """For each task the state that its head reads, (T, B, D); what subnets have in common is there once."""
    config = model.config
    masks = _masks(model)
    weights.take("task_masks.")
    plan = _plan(model)
    lengths_B = add_lengths(graph)
    inputs = add_inputs(graph, weights, config, len(plan.tasks[0]))
    outputs = {(0, network): state for network, state in enumerate(inputs)}
    for path in plan.paths:
        for stage, network in enumerate(path[1:], start=1):
            if (stage, network) in outputs:
                continue
            of_layer = (outputs[stage - 1, path[stage - 1]], lengths_B)
            task = plan.tasks[stage][network]
            states, _ = add_bilstm(graph, weights, f"layers.{stage - 1}.", 0, of_layer, masks[task])
            outputs[stage, network] = side_by_side(graph, states, 2 * config.hidden_size)
    return [outputs[len(path) - 1, path[-1]] for path in plan.paths]


def input_masks(model: SparseSharingForTokenClassification) -> list[dict[str, np.ndarray]]:
    """What each network of the shared input keeps of its weights, by the names of parameters."""
    masks = _masks(model)
    return [masks[task] for task in _plan(model).tasks[0]]


def _plan(model: SparseSharingForTokenClassification) -> MaskPlan:
    return plan_masks(model.sparse_sharing.task_masks, range(len(model.config.tasks)))


def _masks(model: SparseSharingForTokenClassification) -> list[dict[str, np.ndarray]]:
    return [{name: mask.cpu().numpy() for name, mask in of_task.items()} for of_task in model.masks.values()]
