"""Configuration of sparse sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from .configuration_tagger import TaggerConfig
from .learned_configuration import configure_sparse_sharing
from .maskable_parameters import maskable_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .sharing_architecture import SharingArchitecture


class SparseSharingConfig(TaggerConfig):
    """One base network of which every task sees a subnet; the defaults are those of Sun et al. (2020, Table 2).

    Beside the fields of :class:`TaggerConfig`:

    Args:
        masked_parameters: the parameters that masks are made for, by their names in the model without heads; by
            default the convolution or the character BiLSTM, and the input and recurrent weights of all layers.
            Embeddings, biases and heads cannot be masked.

    Raises:
        ValueError: a field is out of range or fields contradict each other; the message names the field.
    """

    model_type = "sparse_sharing"
    architecture_fields: ClassVar[tuple[str, ...]] = (
        "num_layers", "hidden_size", "word_embedding_size", "char_encoder", "masked_parameters"
    )  # fmt: skip

    word_embedding_size: int = 100
    char_encoder: str = "cnn"
    char_embedding_size: int = 30
    hidden_size: int = 200
    num_layers: int = 1
    decoder: str = "linear"
    noise: float = 0.0
    dropout: float = 0.5
    masked_parameters: list[str] | None = None

    @classmethod
    def from_architecture(
        cls,
        architecture: SharingArchitecture,
        *,
        tasks: Sequence[Mapping[str, Any]] | None = None,
        sources: Mapping[str, str | None] | None = None,
        **fields: Any,
    ) -> Self:
        """The configuration of a new model with the masks of another one.

        The masks are given to the model that is made of it: ``architecture.apply(model, sources)``.

        Args:
            architecture: what was learned.
            tasks: as in the fields; by default the architecture's, with its label sets.
            sources: for tasks the task of the architecture whose mask they get, or None for new ones, which keep every
                weight; tasks that are not named get the mask of the task of their name.
            fields: of the new configuration; sizes are the architecture's unless they are said, and masked parameters
                have to be of the same shapes.

        Raises:
            ValueError: it is the architecture of another type of model, or fields and tasks do not go with it.
        """
        return configure_sparse_sharing(
            cls, architecture, architecture.tasks if tasks is None else tasks, sources, fields
        )

    def _check_sharing(self) -> None:
        maskable = maskable_parameters(self)
        if self.masked_parameters is None:
            self.masked_parameters = list(maskable)
        if not isinstance(self.masked_parameters, list) or not self.masked_parameters:
            raise ValueError(f"masked_parameters should be a list of names, not {self.masked_parameters!r}")
        for name in self.masked_parameters:
            if not isinstance(name, str) or name not in maskable:
                raise ValueError(f"masked_parameters: {name!r} cannot be masked; choose of {', '.join(maskable)}")
        if len(set(self.masked_parameters)) < len(self.masked_parameters):
            raise ValueError("masked_parameters: a name stands twice")

    def masked_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every masked parameter."""
        maskable = maskable_parameters(self)
        return {name: maskable[name] for name in self.masked_parameters or maskable}
