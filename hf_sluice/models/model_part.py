"""What is left of a model without heads when some of its tasks are taken out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


@dataclass(frozen=True)
class ModelPart:
    """A part of a model.

    Args:
        fields: of the configuration, those that are other than the whole model's; tasks aside.
        state: all parameters and buffers, by their names in a model of such a configuration.
    """

    fields: Mapping[str, Any]
    state: Mapping[str, Tensor]
