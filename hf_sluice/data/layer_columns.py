"""Whole columns of a split, read and replaced without a loop over sentences.

Shape letters: B sentences, N words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from datasets import Dataset, Features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def read_column(data: Dataset, name: str) -> pa.Array:
    """A column as one Arrow array, of the rows that the split holds, (B,)."""
    return data.with_format("arrow")[:][name].combine_chunks()


def with_columns(data: Dataset, columns: Mapping[str, pa.Array], features: Mapping[str, Any]) -> Dataset:
    """The same sentences with some columns added or replaced; domain and sentence id stay the last ones.

    Args:
        data: a split.
        columns: per name one value per sentence.
        features: per name what the column holds.
    """
    old = data.with_format("arrow")[:]
    together = {**{name: old[name] for name in data.column_names}, **columns}
    types: dict[str, Any] = {**data.features, **features}
    ordered = [name for name in types if name not in ("domain", "sent_id")] + ["domain", "sent_id"]
    schema = Features({name: types[name] for name in ordered}).arrow_schema
    # An Arrow table of our own: what Dataset offers for this is cached on disk.
    return Dataset(pa.Table.from_arrays([together[name] for name in ordered], schema=schema))


def only_in(layer_B: pa.Array, chosen_B: NDArray[np.bool_]) -> pa.Array:
    """A layer that only the chosen sentences have; the others get None."""
    return layer_B.take(pa.array(np.arange(len(layer_B)), mask=~chosen_B))
