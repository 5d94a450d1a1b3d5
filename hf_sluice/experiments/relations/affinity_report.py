"""Affinity between the tasks of a study, and whether it tells which pairs gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.correlation import rank_correlation
from hf_sluice.analysis.task_relations.affinity import read_affinity
from hf_sluice.analysis.task_relations.affinity_heat_map import affinity_heat_map
from hf_sluice.analysis.task_relations.affinity_table import affinity_table
from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.evaluation.significance import format_p_value
from hf_sluice.evaluation.tables import TextTable

if TYPE_CHECKING:
    import pandas as pd

    from hf_sluice.experiments.relations.study_plan import StudyPlan
    from hf_sluice.experiments.reports.document import Document

_WHAT = (
    "How a step on the column's task changes the loss of the row's (TAG, Fifty et al. 2021): Z = 1 − L(after) / "
    "L(before), mean over {steps} measurements ahead of steps of one run of all tasks together. That run cost "
    "{batches:,} batches, all pairs {pairs:,}. Hatched, or `?`: within two standard errors of 0."
)
_WORTH = (
    "Does affinity tell which pairs gain? *Sign*: a positive affinity is taken for a gain. *Rank correlation*: "
    "Spearman's, of affinity and gain. Pairs of one task are not independent of each other: p is too small."
)


def add_affinity(document: Document, plan: StudyPlan, gains: pd.DataFrame) -> None:
    """Adds what the run of all tasks measured, if it was asked for and is finished.

    Args:
        document: the report.
        plan: the study.
        gains: ``main``, ``auxiliary``, ``gain``, ``verdict``.

    Raises:
        UserError: the run's results are damaged.
    """
    point = plan.together
    if point is None or not plan.store.is_finished(point):
        return
    affinity = read_affinity(plan.store.path / point.key / "results.json")
    tasks = plan.recipe.task_names
    training = point.recipe.training
    batches = training.epochs * (training.steps_per_epoch or 0)
    pairs = sum(p.recipe.training.epochs * (p.recipe.training.steps_per_epoch or 0) for p in plan.pairs)
    document.heading("Affinity")
    document.paragraph(_WHAT.format(steps=int(affinity["steps"].max()), batches=batches, pairs=pairs))
    document.table(affinity_table(affinity, tasks))
    document.picture(
        affinity_heat_map(affinity, tasks), "affinity", "Affinity of each auxiliary task to each main task"
    )
    document.paragraph(_WORTH)
    document.table(affinity_worth(affinity, gains))


def affinity_worth(affinity: pd.DataFrame, gains: pd.DataFrame) -> TextTable:
    """How often the sign of an affinity is that of the gain, and how their ranks agree; of all pairs and decided ones.

    Args:
        affinity: ``main``, ``auxiliary``, ``affinity``.
        gains: ``main``, ``auxiliary``, ``gain``, ``verdict``.
    """
    both = gains.merge(affinity, on=["main", "auxiliary"])
    rows = []
    for name, pairs in (("all, by sign", both), ("decided", both[both["verdict"] != Verdict.UNDECIDED])):
        is_gain = pairs["gain"] > 0
        right = ((pairs["affinity"] > 0) == is_gain).mean()
        majority = max(is_gain.mean(), 1 - is_gain.mean())
        found = rank_correlation(pairs["affinity"], pairs["gain"])
        correlation = "-" if found is None else f"{found.rho:+.2f} (p {format_p_value(found.p_value)})"
        shares = ("-", "-") if pairs.empty else (f"{right:.2f}", f"{majority:.2f}")
        rows.append((name, str(len(pairs)), *shares, correlation))
    return TextTable("", ("pairs", "how many", "sign is right", "majority", "rank correlation"), tuple(rows), 1)
