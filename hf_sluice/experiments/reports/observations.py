"""Per experiment and training data: its characteristics, what sharing gained, and what α and β came to.

One observation is one experiment and source, averaged over seeds: runs that differ in their seed alone have the same
data, and are no observations of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hf_sluice.experiments.reports.measures import scores_on_test
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hf_sluice.experiments.reports.finished import FinishedExperiment
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.settings import AnalysisReport

_ENTROPY = "label entropy of "
MAIN_ENTROPY, AUXILIARY_ENTROPY = "label entropy, main task", "label entropy, auxiliary tasks"


def system_records(experiment: FinishedExperiment, settings: AnalysisReport) -> list[RunRecord]:
    """The runs of the system whose α and β are shown."""
    return [record for record in experiment.records if record.point.get(settings.system_axis) == settings.system]


def observations(experiment: FinishedExperiment, settings: AnalysisReport) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Characteristics, and what may go with them; both have one row per source, NaN for what is not known.

    Raises:
        UserError: the results have no scores of the main task.
    """
    records = system_records(experiment, settings)
    sources = [record.point.get(settings.source_axis, "") for record in records]
    data = pd.DataFrame([_characteristics(record, experiment.main_task) for record in records], index=sources)
    sharing = pd.DataFrame([_sharing(record, experiment.main_task) for record in records], index=sources)
    both = [_means(table) for table in (data, sharing)]
    gains = _gains(experiment, settings).reindex(both[1].index)
    return both[0], pd.concat([gains, both[1]], axis=1)


def _means(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(float).groupby(level=0, sort=False).mean()


def _characteristics(record: RunRecord, main_task: str) -> dict[str, float | None]:
    """Those recorded, the entropies by the tasks' part in the experiment rather than by their names."""
    found = dict(record.characteristics or {})
    entropies = {name.removeprefix(_ENTROPY): found.pop(name) for name in list(found) if name.startswith(_ENTROPY)}
    others = [value for task, value in entropies.items() if task != main_task and task in record.tasks and value]
    return {
        **found,
        MAIN_ENTROPY: entropies.get(main_task),
        AUXILIARY_ENTROPY: float(np.mean(others)) if others else None,
    }


def _sharing(record: RunRecord, main_task: str) -> dict[str, float]:
    """Mean |α| by which the main task draws from the others and from itself, per layer, and its β."""
    networks = record.sharing.networks
    values = dict(_of_layers("β", record.sharing.beta[record.tasks.index(main_task)]))
    if main_task in networks and len(networks) > 1:
        main = networks.index(main_task)
        drawn_KN = record.sharing.block_means()[:, main]
        values |= _of_layers("α from other tasks", np.delete(drawn_KN, main, axis=1).mean(axis=1))
        values |= _of_layers("α from itself", drawn_KN[:, main])
    return values


def _of_layers(what: str, values_K: np.ndarray) -> Iterator[tuple[str, float]]:
    return ((f"{what}, layer {layer}", float(value)) for layer, value in enumerate(values_K, 1))


def _gains(experiment: FinishedExperiment, settings: AnalysisReport) -> pd.DataFrame:
    """Error reductions of the system over each baseline, in-domain and out-of-domain, per source."""
    scores = scores_on_test(experiment.results, experiment.main_task)
    if not TaskMetric(scores["metric"].iloc[0]).is_share:
        return pd.DataFrame()
    scores = scores.assign(source=scores.get(settings.source_axis, ""), error=1 - scores["value"].astype(float))
    errors = scores.pivot_table(
        index=["source", "in_domain"], columns=settings.system_axis, values="error", aggfunc=_mean_of_all
    )
    gains = {}
    for baseline in settings.baselines:
        if baseline in errors and settings.system in errors:
            reduction = 1 - errors[settings.system] / errors[baseline]
            for inside, place in ((True, "in-domain"), (False, "out-of-domain")):
                if inside in reduction.index.get_level_values("in_domain"):
                    gains[f"gain over {baseline}, {place}"] = reduction.xs(inside, level="in_domain")
    return pd.DataFrame(gains)


def _mean_of_all(errors: pd.Series) -> float:
    return float(errors.mean(skipna=False))
