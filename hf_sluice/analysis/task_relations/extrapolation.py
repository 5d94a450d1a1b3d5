"""How far a task lies outside the tasks that a predictor was fitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.scaling import Scaling

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


def extrapolation(features: pd.DataFrame, known: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Where tasks lie among known tasks, by the features that a predictor reads.

    Args:
        features: of the tasks, without gaps in the named ones.
        known: of the tasks that the predictor was fitted on.
        names: the features.

    Returns:
        A row per task: ``outside``, how many of the features lie outside the range of the known tasks; ``furthest``, by
        how many widths of that range the one furthest out lies beyond it (0 where none does), and ``feature``, which
        one ("" for none); ``nearest``, the known task most like it, and ``distance`` to it, over the median distance of
        known tasks to those most like them: about 1 for a task as near to known ones as they are to each other. A
        known task is not compared with itself; one that merely has the name of a known task is.
    """
    import pandas as pd

    names = list(names)
    tasks_TF, known_TF = features[names].to_numpy(dtype=float), known[names].to_numpy(dtype=float)
    scaling = Scaling.of(known_TF)
    width_F = scaling.maximum - scaling.minimum
    width_F = np.where(width_F > 0, width_F, 1.0)
    beyond_TF = np.maximum(scaling.minimum - tasks_TF, tasks_TF - scaling.maximum).clip(min=0) / width_F
    usual = np.median(_nearest(known_TF / width_F, known.index, known_TF / width_F, known.index)[1])
    nearest, distance = _nearest(tasks_TF / width_F, features.index, known_TF / width_F, known.index)
    furthest = beyond_TF.argmax(axis=1)
    return pd.DataFrame(
        {
            "outside": (beyond_TF > 0).sum(axis=1),
            "furthest": beyond_TF.max(axis=1),
            "feature": [names[place] if row.any() else "" for row, place in zip(beyond_TF, furthest, strict=True)],
            "nearest": [known.index[place] for place in nearest],
            "distance": distance / usual if usual > 0 else np.nan,
        },
        index=features.index,
    )


def _nearest(
    tasks_TF: NDArray[np.float64], tasks: pd.Index, known_TF: NDArray[np.float64], known: pd.Index
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which known task each task is most like, and the root of the mean squared difference of their features."""
    distances = np.sqrt(np.square(tasks_TF[:, None] - known_TF[None]).mean(axis=2))
    is_itself = (tasks.to_numpy()[:, None] == known.to_numpy()[None]) & (distances == 0)
    distances[is_itself] = np.inf
    return distances.argmin(axis=1), distances.min(axis=1)
