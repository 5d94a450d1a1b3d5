"""The weights of a tagger as arrays, with an account of what has been asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification


class ModelWeights:
    """Parameters and buffers of a tagger by their names; those of the model without heads without its prefix.

    Args:
        model: the tagger.
    """

    def __init__(self, model: TaggerForTokenClassification) -> None:
        prefix = f"{model.base_model_prefix}."
        self._values = {name.removeprefix(prefix): value.detach().cpu() for name, value in model.state_dict().items()}
        self._left = dict.fromkeys(self._values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> np.ndarray:
        """A parameter in single precision."""
        self._left.pop(name, None)
        return self._values[name].to(torch.float32).numpy()

    def take(self, *prefixes: str) -> None:
        """Takes all that begins so as asked for: it is known by other ways."""
        self._left = {name: None for name in self._left if not name.startswith(prefixes)}

    @property
    def left(self) -> Sequence[str]:
        """Names of what nobody asked for."""
        return list(self._left)
