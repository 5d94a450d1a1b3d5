"""The learned architecture that a recipe asks for, ready to be trained with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_sluice.errors import ModelFolderError, RecipeError
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.prediction.saved_architecture import load_architecture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.models.configuration_tagger import TaggerConfig
    from hf_sluice.models.sharing_architecture import SharingArchitecture
    from hf_sluice.recipe import Recipe
    from hf_sluice.training.architecture_settings import ArchitectureSettings


@dataclass(frozen=True)
class GivenArchitecture:
    """An architecture, and what the recipe says of it.

    Args:
        settings: the recipe's section.
        learned: what another model has learned.
    """

    settings: ArchitectureSettings
    learned: SharingArchitecture

    def sized(self, recipe: Recipe) -> Recipe:
        """The recipe with the sizes of the architecture where it says none, for all of its models."""
        return recipe.model_copy(update={"model": {**self._sizes(), **recipe.model}})

    def configuration(self, tasks: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]) -> TaggerConfig:
        """The configuration of a model with the architecture; raises ValueError where fields do not go with it."""
        learned, sources = self.learned, self.settings.tasks
        if learned.subnets is not None:
            return SparseSharingConfig.from_architecture(learned, tasks=tasks, sources=sources, **fields)
        learn = self.settings.learn
        return SluiceConfig.from_architecture(learned, tasks=tasks, sources=sources, learn=learn, **fields)

    def masks(self, tasks: Sequence[str]) -> MaskSet:
        """The masks of tasks, of an architecture that has some."""
        return MaskSet(self.learned.masks_for(tasks, self.settings.tasks))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the record of a run: where it comes from (of a folder the name alone), and what it was."""
        origin = self.learned.origin
        return {
            "source": origin.model or Path(self.settings.source).resolve().name,
            "revision": origin.revision,
            "sha256": self.learned.digest,
            "learn": self.settings.learn,
            "tasks": dict(self.settings.tasks),
        }

    def _sizes(self) -> dict[str, Any]:
        sizes: dict[str, Any] = {"num_layers": self.learned.num_layers, "hidden_size": self.learned.hidden_size}
        if self.learned.subnets is not None:
            return {**sizes, **self.learned.subnets.sizes, "masked_parameters": [*self.learned.subnets.masks.shapes]}
        if self.learned.mixing is not None:
            sizes |= {name: getattr(self.learned.mixing, name) for name in ("num_subspaces", "layer_connection")}
        return sizes


def given_architecture(recipe: Recipe) -> GivenArchitecture | None:
    """Reads the architecture that a recipe asks for; None where it asks for none.

    Raises:
        RecipeError: there is none, it is damaged, or it is one of another type of model.
    """
    if recipe.architecture is None:
        return None
    settings = recipe.architecture
    try:
        learned = load_architecture(settings.source, settings.revision)
    except ModelFolderError as error:
        raise RecipeError(f"architecture.source: {error}") from None
    wanted = recipe.model.get("model_type", "sluice")
    if learned.model_type != wanted:
        raise RecipeError(
            f"architecture.source: {settings.source} is of a model of type {learned.model_type}, model.model_type is "
            f"{wanted}"
        )
    return GivenArchitecture(settings, learned)
