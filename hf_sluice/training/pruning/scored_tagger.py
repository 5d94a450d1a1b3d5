"""A tagger whose masked weights stand still while a score of each is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import torch
from torch import Tensor, nn
from torch.func import functional_call

from hf_sluice.training.pruning.prune import prune

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
    from hf_sluice.models.modeling_tagger import TaggerOutput
    from hf_sluice.training.pruning.settings import PruningScope


class _KeepHighest(torch.autograd.Function):
    """Multiplies by a mask in the forward pass, and by nothing in the backward pass: straight-through."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, kept: Tensor) -> Tensor:  # noqa: ARG004
        return kept.to(scores.dtype)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # noqa: ARG004
        return gradient, None


class ScoredTagger(nn.Module):
    """Trains scores in place of the masked weights, and with them all that is not masked.

    Args:
        tagger: the tagger, rewound and under its mask.
        mask: what remains of each masked parameter, by its name in the model without heads.
        rate: the share of the remaining weights that is left out.
        scope: whether the scores of all weights are compared, or those of a layer.
    """

    def __init__(
        self,
        tagger: SparseSharingForTokenClassification,
        mask: Mapping[str, Tensor],
        rate: float,
        scope: PruningScope,
    ) -> None:
        super().__init__()
        self.config = tagger.config
        self._mask, self._rate, self._scope = mask, rate, scope
        self._tagger = [tagger]  # in a list: its parameters are not this module's
        prefix = tagger.base_model_prefix
        self._masked = {name: f"{prefix}.{name}" for name in mask}
        weights = dict(tagger.named_parameters())
        scores = {name: weights[full].detach().abs().clone() for name, full in self._masked.items()}
        free = {name: weight for name, weight in weights.items() if name not in self._masked.values()}
        self._scores, self._free = _parameters(scores), _parameters(free)

    def scores(self) -> dict[str, Tensor]:
        """The scores, by the names of the masked parameters."""
        return {name: scores.detach().cpu() for name, scores in self._by_name().items()}

    def subnet(self, tasks: Sequence[str]) -> dict[str, Tensor]:  # noqa: ARG002 - all scores are trained
        """Nothing: no parameter of this module is masked."""
        return {}

    def forward(self, **inputs: Any) -> TaggerOutput:
        """The tagger's output, of the weights whose scores are the highest."""
        (tagger,) = self._tagger
        scores = self._by_name()
        kept = prune(self._mask, {name: of.detach().cpu() for name, of in scores.items()}, self._rate, self._scope)
        weights = {}
        for name, full in self._masked.items():
            mask = _KeepHighest.apply(scores[name], kept[name].to(scores[name].device))
            weights[full] = tagger.get_parameter(full).detach() * mask
        return functional_call(tagger, weights, (), inputs)

    def train(self, mode: bool = True) -> Self:
        """Puts the tagger into the same mode."""
        self._tagger[0].train(mode)
        return super().train(mode)

    def _by_name(self) -> dict[str, nn.Parameter]:
        return {name: self._scores[_key(name)] for name in self._masked}


def _parameters(named: Mapping[str, Tensor]) -> nn.ParameterDict:
    """Parameters under names like their own, which tell an optimiser what is not to be decayed."""
    return nn.ParameterDict({_key(name): weight for name, weight in named.items()})


def _key(name: str) -> str:
    """Names within a dictionary of parameters have no dots."""
    return name.replace(".", "__")
