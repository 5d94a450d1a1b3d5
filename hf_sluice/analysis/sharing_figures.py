"""The pictures of what a model has learned to share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.alpha_heat_maps import alpha_heat_maps
from hf_sluice.analysis.beta_bars import beta_bars
from hf_sluice.analysis.sharing_tables import Sharing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification


def sharing_figures(model: SluiceForTokenClassification) -> dict[str, Figure]:
    """α as heat maps (``alpha``) and β as bars (``beta``), entries that are not learned hatched."""
    sharing = Sharing.of_model(model)
    is_fixed_KUU, is_fixed_MK = (
        (weights.slots < 0).cpu().numpy() for weights in (model.sluice.alpha_weights, model.sluice.beta_weights)
    )
    return {
        "alpha": alpha_heat_maps(sharing.alpha, sharing.networks, is_fixed_KUU),
        "beta": beta_bars(sharing.beta, sharing.tasks, is_fixed_MK=is_fixed_MK),
    }
