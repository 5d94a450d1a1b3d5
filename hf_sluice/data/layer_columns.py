"""Whole columns of a split, read and replaced without a loop over sentences.

Shape letters: B sentences, N words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from datasets import ClassLabel, Dataset, Features, List, Value

from hf_sluice.tasks import Task, TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def layer_feature(task: Task) -> List:
    """What the column of a task holds: ids of its labels, or numbers."""
    regression = task.kind is TaskKind.REGRESSION
    return List(Value("float64") if regression else ClassLabel(names=list(task.labels)))


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


def layer_lengths(layer_B: pa.Array) -> NDArray[np.int64]:
    """The number of words of each sentence that has the layer, 0 for the others, (B,)."""
    return pc.fill_null(pc.list_value_length(layer_B), 0).to_numpy(zero_copy_only=False).astype(np.int64)


def with_values(layer_B: pa.Array, values_N: pa.Array) -> pa.ListArray:
    """A layer that the same sentences have, with other values.

    Args:
        layer_B: the layer.
        values_N: one value for each word of the sentences that have it.
    """
    offsets = pa.array(np.concatenate([[0], np.cumsum(layer_lengths(layer_B))]), type=pa.int32())
    return pa.ListArray.from_arrays(offsets, values_N, mask=layer_B.is_null())


def only_in(layer_B: pa.Array, chosen_B: NDArray[np.bool_]) -> pa.Array:
    """A layer that only the chosen sentences have; the others get None."""
    return layer_B.take(pa.array(np.arange(len(layer_B)), mask=~chosen_B))
