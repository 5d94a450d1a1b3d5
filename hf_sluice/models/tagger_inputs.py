"""The way from what a tokenizer is called with to what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from transformers import BatchEncoding
from transformers.utils import PaddingStrategy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Encoding
    from torch import Tensor

    from .sentence_encoding import SentenceEncoding

PER_TOKEN = ("input_ids", "attention_mask", "char_index")


def is_batch(text: str | Sequence[Any], *, is_split_into_words: bool) -> bool:
    """Whether several sentences are given: a sequence of texts, or a sequence of sequences of words."""
    if isinstance(text, str):
        return False
    return not is_split_into_words or (len(text) > 0 and not isinstance(text[0], str))


def check_texts(texts: Sequence[Any]) -> None:
    """Sees to it that raw texts are texts.

    Raises:
        ValueError: one is not; the message says which, counted from 0.
    """
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"text {number} is {text!r:.60}, no text; lists of words need is_split_into_words=True")


def tokens_per_sentence(
    lengths: Sequence[int],
    padding: PaddingStrategy,
    *,
    max_length: int | None = None,
    pad_to_multiple_of: int | None = None,
) -> list[int]:
    """How many tokens each sentence has once it is padded; never fewer than its words."""
    if padding is PaddingStrategy.DO_NOT_PAD:
        return list(lengths)
    width = max(lengths, default=0)
    if padding is PaddingStrategy.MAX_LENGTH:
        width = max(width, max_length or 0)
    if pad_to_multiple_of:
        width = -(-width // pad_to_multiple_of) * pad_to_multiple_of
    return [width] * len(lengths)


def as_tensors(
    inputs: Mapping[str, Tensor], encodings: Sequence[SentenceEncoding], extras: Mapping[str, Any], kind: str
) -> BatchEncoding:
    """The inputs of B sentences as tensors (B, T).

    Args:
        inputs: the models' inputs.
        encodings: one per sentence.
        extras: what else was asked for, as lists.
        kind: ``"pt"`` or ``"np"``.

    Raises:
        ValueError: the sentences have different lengths and are not padded.
    """
    lengths = {len(encoding) for encoding in encodings}
    if len(lengths) > 1:
        raise ValueError(f"sentences of {min(lengths)} to {max(lengths)} words make no tensor; ask for padding=True")
    wished = {name: torch.tensor(values, dtype=torch.int64) for name, values in extras.items()}
    if "offset_mapping" in wished:
        wished["offset_mapping"] = wished["offset_mapping"].reshape(len(encodings), -1, 2)  # also without any word
    tensors = {**inputs, **wished}
    arrays = tensors if kind == "pt" else {name: tensor.numpy() for name, tensor in tensors.items()}
    return BatchEncoding(arrays, _as_library_type(encodings), tensor_type=kind)


def as_lists(
    inputs: Mapping[str, Tensor], encodings: Sequence[SentenceEncoding], extras: Mapping[str, Any], *, batched: bool
) -> BatchEncoding:
    """The inputs as lists, each sentence as long as its encoding; those of a single sentence without the outer list.

    Args:
        inputs: the models' inputs.
        encodings: one per sentence.
        extras: what else was asked for, as lists.
        batched: whether the tokenizer was called with several sentences.
    """
    columns: dict[str, Any] = dict(extras)
    for name in PER_TOKEN:
        rows = inputs[name].tolist()
        columns[name] = [row[: len(encoding)] for row, encoding in zip(rows, encodings, strict=True)]
    if not batched:
        columns = {name: values[0] for name, values in columns.items()}
    columns["char_ids"] = inputs["char_ids"].tolist()
    return BatchEncoding(columns, _as_library_type(encodings))


def _as_library_type(encodings: Sequence[SentenceEncoding]) -> list[Encoding]:
    """Nothing but a statement to the type checker: SentenceEncoding answers what BatchEncoding asks of an Encoding."""
    return cast("list[Encoding]", list(encodings))


def tensor_kind(encoded: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str | None:
    """``"pt"`` or ``"np"`` where encoded sentences hold tensors or arrays, None for lists."""
    values = (encoded if isinstance(encoded, Mapping) else encoded[0])["input_ids"]
    return "pt" if torch.is_tensor(values) else "np" if isinstance(values, np.ndarray) else None
