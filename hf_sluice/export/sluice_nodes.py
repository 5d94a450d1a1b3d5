"""The networks of a sluice model as nodes, from words to the state of each task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.export.input_nodes import add_inputs, add_lengths
from hf_sluice.export.mixing_nodes import add_alpha, add_beta
from hf_sluice.export.recurrent_nodes import add_bilstm, side_by_side
from hf_sluice.models.network_plan import layers_read, plan_layers
from hf_sluice.models.sharing_table import sharing_table

if TYPE_CHECKING:
    import numpy as np

    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights
    from hf_sluice.models.configuration_sluice import SluiceConfig
    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
    from hf_sluice.models.network_plan import LayerPlan


def add_sluice(graph: Graph, weights: ModelWeights, model: SluiceForTokenClassification) -> list[str]:
    """For each task the state that its head reads, (T, B, D)."""
    config = model.config
    plan = plan_layers(sharing_table(config), config.num_subspaces, range(len(config.tasks)))
    alpha = model.alpha.detach().float().cpu().numpy()
    weights.take("alpha_weights.", "beta_weights.")
    outputs = _add_layers(graph, weights, config, plan, alpha)
    beta = model.beta.detach().float().cpu().numpy()
    return [_add_mixture(graph, config, beta[task], outputs, task) for task in range(len(config.tasks))]


def _add_layers(
    graph: Graph, weights: ModelWeights, config: SluiceConfig, plan: list[LayerPlan], alpha: np.ndarray
) -> list[dict[int, str]]:
    """What every network gives, layer by layer, (T, B, 2H)."""
    lengths_B = add_lengths(graph)
    (x_TBD,) = add_inputs(graph, weights, config)
    outputs: list[dict[int, str]] = []
    for layer, step in enumerate(plan):
        states = [
            add_bilstm(graph, weights, f"layers.{layer}.", row, (outputs[-1][n] if outputs else x_TBD, lengths_B))[0]
            for row, n in enumerate(step.sources)
        ]
        if step.mixes:
            sizes = (config.num_subspaces, config.hidden_size)
            states = add_alpha(graph, _block(alpha[layer], step, config.num_subspaces), states, sizes)
        joined = [side_by_side(graph, state, 2 * config.hidden_size) for state in states]
        outputs.append(dict(zip(step.targets, joined, strict=True)))
    return outputs


def _block(alpha: np.ndarray, step: LayerPlan, subspaces: int) -> np.ndarray:
    """Rows of the targets, columns of the sources: (m·S, n·S)."""
    rows, columns = (
        [network * subspaces + s for network in networks for s in range(subspaces)]
        for networks in (step.targets, step.sources)
    )
    return alpha[rows][:, columns]


def _add_mixture(
    graph: Graph, config: SluiceConfig, beta_K: np.ndarray, outputs: list[dict[int, str]], task: int
) -> str:
    table = sharing_table(config)
    layers = layers_read(table, task)
    states = [outputs[layer][table.task_networks[task]] for layer in layers]
    if config.layer_connection == "concatenation":
        return states[0] if len(states) == 1 else graph.node("Concat", states, {"axis": 2})
    return add_beta(graph, beta_K[layers], states)
