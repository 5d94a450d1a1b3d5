"""The kinds of taggers: for each ``model_type`` its configuration, its model and its tagger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .configuration_sluice import SluiceConfig
from .configuration_sparse_sharing import SparseSharingConfig
from .modeling_sluice import SluiceForTokenClassification, SluiceModel
from .modeling_sparse_sharing import SparseSharingForTokenClassification, SparseSharingModel

if TYPE_CHECKING:
    from .configuration_tagger import TaggerConfig
    from .modeling_tagger_base import TaggerModel


@dataclass(frozen=True)
class ModelType:
    """One kind of tagger.

    Args:
        config: the class of its configurations.
        model: the model without heads.
        tagger: the model with a head per task; a
            :class:`TaggerForTokenClassification` that is made from a configuration alone.
    """

    config: type[TaggerConfig]
    model: type[TaggerModel]
    tagger: type[Any]


MODEL_TYPES: dict[str, ModelType] = {
    SluiceConfig.model_type: ModelType(SluiceConfig, SluiceModel, SluiceForTokenClassification),
    SparseSharingConfig.model_type: ModelType(
        SparseSharingConfig, SparseSharingModel, SparseSharingForTokenClassification
    ),
}
