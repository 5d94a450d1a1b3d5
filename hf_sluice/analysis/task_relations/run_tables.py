"""Features of tasks and gains of pairs, from the folders of finished runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.curve_features import curve_features
from hf_sluice.analysis.task_relations.curve_files import curve_from_metrics
from hf_sluice.analysis.task_relations.data_features import data_features
from hf_sluice.analysis.task_relations.gains import ALONE, judge_gains
from hf_sluice.analysis.task_relations.mean_curves import mean_learning_curve
from hf_sluice.analysis.task_relations.relation_tables import TASK
from hf_sluice.analysis.task_relations.smoothed_curve import smoothed_features
from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.recipe import load_recipe
from hf_sluice.tasks import Task
from hf_sluice.training.recipe_corpus import choose_from_corpus, load_source_corpus
from hf_sluice.training.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from hf_sluice.analysis.task_relations.pair_features import Pair

_SPLIT = "test"


def features_of_runs(alone: Mapping[str, Sequence[Path]], budget: int | None = None) -> pd.DataFrame:
    """Features of tasks from runs of them alone.

    Data features are of the sentences of the first run's recipe (``oov_rate`` is not known: a run does not keep its
    vectors), those of curves of the mean curve over the runs.

    Args:
        alone: per task the folders of at least one run.
        budget: steps of the whole training; None where the runs were whole trainings.

    Returns:
        Index ``task``, a column per feature; NaN for what is not known.

    Raises:
        UserError: a run lacks its recipe or its losses, or its corpus cannot be read.
    """
    import pandas as pd

    rows = {}
    for task, folders in alone.items():
        recipe = load_recipe(folders[0] / "recipe.yaml")
        corpus = choose_from_corpus(load_source_corpus(recipe.data, recipe.data_tasks), recipe.data, recipe.data_tasks)
        curve = mean_learning_curve([curve_from_metrics(folder / "metrics.jsonl", task, budget) for folder in folders])
        rows[task] = {
            **data_features(corpus, task),
            **curve_features(curve).values,
            **smoothed_features(curve).values,
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype(float).rename_axis(TASK)


def gains_of_runs(alone: Mapping[str, Sequence[Path]], together: Mapping[Pair, Sequence[Path]]) -> pd.DataFrame:
    """Gains of pairs over the tasks alone, run by run of the same seed, by test scores.

    Raises:
        UserError: a run is not finished, has no score of the task, or no pair has a gain.
    """
    import pandas as pd

    rows = [row for task, folders in alone.items() for row in _scores(task, ALONE, folders)]
    rows += [row for (main, auxiliary), folders in together.items() for row in _scores(main, auxiliary, folders)]
    scores = pd.DataFrame(rows, columns=["task", "auxiliary", "seed", "score", "larger_is_better"])
    errors = set(scores.loc[~scores["larger_is_better"], "task"])
    gains = judge_gains(scores, errors)
    if gains.table.empty:
        raise UserError(f"no pair has a gain: {'; '.join(gains.problems)}")
    return gains.table


def _scores(main: str, auxiliary: str, folders: Sequence[Path]) -> Iterator[tuple[str, str, int, float | None, bool]]:
    for folder in folders:
        results = RunFolder(folder).read_results()
        tasks = {task.name: task for task in map(Task.from_dict, results["tasks"])}
        if main not in tasks:
            raise UserError(f"{folder}: the run has no task {main!r}; it has {', '.join(tasks)}")
        score = main_score(results["scores"][results["system"]][_SPLIT], tasks[main]).value
        yield main, auxiliary, int(results["seed"]), score, tasks[main].metric.larger_is_better
