"""The sharing architecture beside a model's weights: always that of these weights, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transformers.utils import logging

from .sharing_architecture import ARCHITECTURE_FILE, MASKS_FILE, SharingArchitecture

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from .modeling_tagger_base import TaggerPreTrainedModel

logger = logging.get_logger(__name__)


def learned_architecture(
    model: TaggerPreTrainedModel, state: Mapping[str, Tensor] | None = None, commit: str | None = None
) -> SharingArchitecture | None:
    """What a model shares; None, and a warning, where this is nothing that could be used again.

    Arguments are those of :meth:`SharingArchitecture.of_model`.
    """
    try:
        return SharingArchitecture.of_model(model, state, commit)
    except ValueError as error:
        logger.warning("The model is saved without %s: %s", ARCHITECTURE_FILE, error)
        return None


def replace_architecture(architecture: SharingArchitecture | None, folder: Path) -> None:
    """Writes an architecture in place of what a folder holds of another one."""
    if architecture is not None:
        architecture.save(folder)
        return
    for name in (ARCHITECTURE_FILE, MASKS_FILE):
        (folder / name).unlink(missing_ok=True)
