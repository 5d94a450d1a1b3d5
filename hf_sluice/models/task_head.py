"""The head that a task's description asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .decoders import allowed_of, decoder_of, has_crf
from .tagging_head import ConstrainedHead, CrfHead, RegressionHead, TaggingHead

if TYPE_CHECKING:
    from collections.abc import Mapping


def make_head(
    task: Mapping[str, Any], decoder: str, input_size: int, hidden_size: int, *, constrained: bool = False
) -> TaggingHead:
    """A task's head.

    Args:
        task: as a configuration describes it; its ``decoder``, if it has one, goes before ``decoder``.
        decoder: one of ``decoders.DECODERS``.
        input_size: width of the task's state, D.
        hidden_size: units of the tanh layer, for decoders that have it.
        constrained: whether a task with a tagging scheme is only ever given well-formed sequences.

    Raises:
        ValueError: an unknown decoder, one that the task cannot have, or labels of which no sequence is well-formed.
    """
    decoder = decoder_of(task, decoder)
    units = None if decoder.startswith("linear") else hidden_size
    if task.get("kind") == "regression":
        return RegressionHead(input_size, units)
    allowed = allowed_of(task) if constrained else None
    if has_crf(decoder):
        return CrfHead(input_size, units, len(task["labels"]), allowed)
    if allowed is not None:
        return ConstrainedHead(input_size, units, allowed)
    return TaggingHead(input_size, units, len(task["labels"]))
