"""How a task's labels are found: the choices there are, and what they come to for a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .transitions import NO_SCHEME, AllowedTransitions, allowed_transitions, impossible_length

if TYPE_CHECKING:
    from collections.abc import Mapping

DECODERS = ("mlp", "linear", "mlp_crf", "linear_crf")
_CRF = "_crf"


def decoder_of(task: Mapping[str, Any], default: str) -> str:
    """The decoder of a task: its own, else the default, of which regression takes the part before ``_crf``.

    Raises:
        ValueError: there is no such decoder, or a regression task asks for a CRF of its own.
    """
    own = task.get("decoder")
    decoder = default if own is None else own
    if decoder not in DECODERS:
        raise ValueError(f"tasks: the decoder of {task['name']!r}, {decoder!r}, is none of {', '.join(DECODERS)}")
    if task.get("kind") != "regression":
        return decoder
    if own is not None and has_crf(own):
        raise ValueError(f"tasks: the decoder of {task['name']!r}, {own!r}, needs labels; regression has mlp or linear")
    return decoder.removesuffix(_CRF)


def has_crf(decoder: str) -> bool:
    """Whether a decoder scores sequences of labels."""
    return decoder.endswith(_CRF)


def allowed_of(task: Mapping[str, Any]) -> AllowedTransitions | None:
    """What a task's tagging scheme allows; None where it has none, so that everything is allowed.

    Raises:
        ValueError: unknown scheme or foreign label, or sentences of some length could not be labelled at all.
    """
    name, scheme, labels = task["name"], task.get("scheme", NO_SCHEME), task.get("labels", [])
    if scheme == NO_SCHEME:
        return None
    try:
        allowed = allowed_transitions(labels, scheme)
    except ValueError as error:
        raise ValueError(f"tasks: {name!r}: {error}") from None
    length = impossible_length(allowed)
    if length is not None:
        raise ValueError(
            f"tasks: {name!r} cannot be decoded within {scheme}: the labels {', '.join(labels)} make no well-formed "
            f"sequence of length {length}"
        )
    return allowed
