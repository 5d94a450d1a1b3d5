"""Of a combined corpus, the parts that some tasks come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.load import task_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from hf_sluice.recipe import DataRecipe

_COMBINED = "combined"


def own_parts(data: DataRecipe, tasks: Collection[str]) -> DataRecipe:
    """The section without the parts that have none of some tasks.

    Such parts would not be read anyway; without them a run's key does not depend on what else a study is about, so that
    a study that gets another task keeps the runs that it has.

    Args:
        data: a recipe's section; one of another corpus stays as it is.
        tasks: tasks that are left, or that others are made from.
    """
    if data.corpus != _COMBINED:
        return data
    sources = {data.derived_tasks[task].source if task in data.derived_tasks else task for task in tasks}
    parts = {
        name: fields
        for name, fields in data.options["parts"].items()
        if sources.intersection(task_names(_COMBINED, {"parts": {name: fields}}))
    }
    return data.model_copy(update={"options": {**data.options, "parts": parts}})
