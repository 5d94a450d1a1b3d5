"""How much a weight is worth to a task: by its magnitude after training, or by a score that is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hf_sluice.training.pruning.scored_tagger import ScoredTagger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from hf_sluice.training.pruning.settings import MaskMethod
    from hf_sluice.training.pruning.workbench import Workbench


class Importance(Protocol):
    """Says what to prune after a round, when the bench's model has just been trained."""

    def __call__(
        self, bench: Workbench, start: Mapping[str, Tensor], task: str, mask: Mapping[str, Tensor], seed: int
    ) -> dict[str, Tensor]:
        """A number for each masked weight, larger for what is worth more.

        Args:
            bench: its model is the subnet after the training of the round.
            start: the weights that rounds begin with.
            task: name.
            mask: of the round.
            seed: of the round.
        """
        ...


def magnitude(
    bench: Workbench,
    start: Mapping[str, Tensor],  # noqa: ARG001 - others read it
    task: str,  # noqa: ARG001
    mask: Mapping[str, Tensor],
    seed: int,  # noqa: ARG001
) -> dict[str, Tensor]:
    """|θ⁽ᵏ⁾| (Sun et al. 2020, Algorithm 1, step 5)."""
    base = bench.model.sparse_sharing
    return {name: base.get_parameter(name).detach().abs().cpu() for name in mask}


def trained_scores(
    bench: Workbench, start: Mapping[str, Tensor], task: str, mask: Mapping[str, Tensor], seed: int
) -> dict[str, Tensor]:
    """Scores of weights that stand still, trained straight through the choice of the highest.

    The forward pass keeps, of the weights that remain, as many of the highest scores as the next round will; the
    gradient of a weight times the weight goes to its score as if all were kept (Ramanujan et al. 2020, "What's Hidden
    in a Randomly Weighted Neural Network?"). Scores begin at |θ|.
    """
    bench.rewind(start, {task: mask})
    scored = ScoredTagger(bench.model, mask, bench.masks.pruning_rate, bench.masks.scope)
    bench.train(scored, task, seed)
    return scored.scores()


IMPORTANCE: dict[MaskMethod, Importance] = {"magnitude": magnitude, "scores": trained_scores}
