"""The columns of a split as flat arrays, one entry per word, so that counting needs no loop over words.

Shape letters: B sentences, N words (a layer's: those of the sentences that have it), F different lower-cased words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from datasets import Dataset
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WordArrays:
    """The words of a split.

    Args:
        forms: the different lower-cased words. (F,)
        form_ids: per word its index in ``forms``. (N,)
        sentences: per word the row of its sentence. (N,)
        domain_ids: per sentence the id of its domain, −1 where it has none. (B,)
    """

    forms: tuple[str, ...]
    form_ids: NDArray[np.int64]
    sentences: NDArray[np.int64]
    domain_ids: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LayerArrays:
    """The annotation of a split for one task.

    Args:
        values: per word the label id or number, NaN where the word has none. (N,)
        sentences: per word the row of its sentence. (N,)
        is_missing: per sentence whether it lacks the layer. (B,)
    """

    values: NDArray[np.float64]
    sentences: NDArray[np.int64]
    is_missing: NDArray[np.bool_]


def word_arrays(data: Dataset) -> WordArrays:
    """Flattens the columns ``tokens`` and ``domain``."""
    tokens_N, rows_N = _flatten(_column(data, "tokens"))
    encoded = pc.dictionary_encode(tokens_N)
    # Python's lower(), not Arrow's: it is what models apply, and they differ for some letters.
    lowered = [form.lower() for form in encoded.dictionary.to_pylist()]
    ids = {form: i for i, form in enumerate(dict.fromkeys(lowered))}
    lowered_id = np.array([ids[form] for form in lowered], dtype=np.int64)
    domains = pc.fill_null(_column(data, "domain"), -1)
    return WordArrays(
        forms=tuple(ids),
        form_ids=lowered_id[encoded.indices.to_numpy(zero_copy_only=False)],
        sentences=rows_N,
        domain_ids=domains.to_numpy(zero_copy_only=False).astype(np.int64),
    )


def layer_arrays(data: Dataset, task: str) -> LayerArrays:
    """Flattens the column of a task."""
    column = _column(data, task)
    values_N, rows_N = _flatten(column)
    return LayerArrays(
        values=pc.cast(values_N, pa.float64()).to_numpy(zero_copy_only=False),
        sentences=rows_N,
        is_missing=column.is_null().to_numpy(zero_copy_only=False),
    )


def _column(data: Dataset, name: str) -> pa.Array:
    return data.with_format("arrow")[:][name].combine_chunks()


def _flatten(lists_B: pa.Array) -> tuple[pa.Array, NDArray[np.int64]]:
    """The elements of all lists, and per element the row of its list."""
    lengths_B = pc.fill_null(pc.list_value_length(lists_B), 0).to_numpy(zero_copy_only=False)
    return pc.list_flatten(lists_B), np.repeat(np.arange(len(lists_B)), lengths_B)
