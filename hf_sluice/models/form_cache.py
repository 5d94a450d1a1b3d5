"""Encodings of word forms, kept from batch to batch: most words of a text have been there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

_BYTES = 16 * 2**20
_MOST_FORMS = 2**15


class FormCache:
    """Remembers what a character encoder has made of word forms, for a model that does not change meanwhile.

    What is remembered is what the encoder gave, bit for bit. Memory is bounded: where it is full, all is forgotten, and
    what is frequent is soon there again. One cache serves one model; it is for evaluation on a CPU.

    Args:
        num_bytes: that encodings take at most.
    """

    def __init__(self, num_bytes: int = _BYTES) -> None:
        self._num_bytes = num_bytes
        self._rows: dict[bytes, int] = {}
        self._table: Tensor | None = None
        self._masks: tuple[Mapping[str, Tensor], ...] = ()

    def encode(
        self, char_ids_UC: Tensor, masks: Sequence[Mapping[str, Tensor]], encode: Callable[[Tensor], Tensor]
    ) -> Tensor:
        """Encodes word forms, those that are not known by the encoder.

        Args:
            char_ids_UC: character ids, padded with 0 on the right.
            masks: that the encoder works with; others than the last ones make all forgotten.
            encode: the encoder: makes (u, F) of the characters (u, C) of some forms.

        Returns:
            (U, F).
        """
        if len(masks) != len(self._masks) or any(new is not old for new, old in zip(masks, self._masks, strict=True)):
            self._rows.clear()
            self._masks, self._table = tuple(masks), None
        # Without the padding, of which batches have more or less.
        keys = [row.tobytes().rstrip(b"\0") for row in char_ids_UC.numpy()]
        missing = [number for number, key in enumerate(keys) if key not in self._rows]
        if missing and not self._remember(char_ids_UC, keys, missing, encode):
            return encode(char_ids_UC)
        assert self._table is not None  # noqa: S101 - something has been remembered
        return self._table[[self._rows[key] for key in keys]]

    def _remember(
        self, char_ids_UC: Tensor, keys: Sequence[bytes], missing: Sequence[int], encode: Callable[[Tensor], Tensor]
    ) -> bool:
        """Whether there is room for a batch's forms; those that were missing are then there."""
        encoded_uF = encode(char_ids_UC[missing])
        if self._table is None:
            capacity = min(_MOST_FORMS, self._num_bytes // (encoded_uF.element_size() * encoded_uF.shape[1]))
            self._table = encoded_uF.new_empty(capacity, encoded_uF.shape[1])
        if len(self._rows) + len(missing) > len(self._table):
            self._rows.clear()
            if len(missing) < len(keys):
                return False  # of this batch, some are forgotten too
        if len(missing) > len(self._table):
            return False
        first = len(self._rows)
        self._table[first : first + len(missing)] = encoded_uF
        self._rows.update((keys[number], row) for row, number in enumerate(missing, start=first))
        return True
