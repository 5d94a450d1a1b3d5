"""The report of a study: what was run, what each task scores alone, and what pairs gain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from hf_sluice.analysis.task_relations.gain_heat_map import gain_heat_map
from hf_sluice.analysis.task_relations.gain_text import gain_text
from hf_sluice.analysis.task_relations.gains import ALONE, Verdict
from hf_sluice.evaluation.tables import TextTable, format_runs
from hf_sluice.experiments.relations.study_recipes import budget

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from hf_sluice.analysis.task_relations.gains import Gains
    from hf_sluice.experiments.relations.study_plan import StudyPlan
    from hf_sluice.experiments.relations.study_scores import StudyScores
    from hf_sluice.experiments.reports.document import Document

_COMMIT_LENGTH = 12
_RULE = (
    "A gain is the relative change of the main task's test score against that task alone, in per cent, mean over "
    "seeds. It counts as gain or loss where the 95 % t interval around the difference of the mean scores leaves out 0, "
    "the noise of a score being taken from all runs that score the task; else it is undecided (hatched, or `?`). No "
    "correction for the number of pairs: of those that change nothing, one in twenty is expected to be called a gain "
    "or a loss."
)
_RULE_OF_ONE_SEED = (
    "A gain is the relative change of the main task's test score against that task alone, in per cent. There is one "
    "seed, so the sign alone decides, as in the paper; how much of it is noise is not known."
)


def add_overview(document: Document, plan: StudyPlan, scores: StudyScores) -> None:
    """Adds what was run and what it cost."""
    document.heading("What was run")
    document.items(_facts(plan, scores))
    document.paragraph("Again: with `HF_SLUICE_DATA` naming the folder of the corpora,")
    option = " --affinity" if plan.together is not None else ""
    document.code(f"hf-sluice relate study {plan.file} --seeds {len(plan.seeds)}{option}", "sh")
    document.paragraph("The recipe (all else has its default):")
    document.code(yaml.safe_dump(_said(plan), sort_keys=False, allow_unicode=True), "yaml")
    if plan.missing:
        document.paragraph(f"**{len(plan.missing)} runs are missing**:")
        document.items([point.label for point in plan.missing])


def add_gains(document: Document, plan: StudyPlan, scores: StudyScores, gains: Gains) -> None:
    """Adds the scores of tasks alone, the matrix of gains and its picture."""
    tasks = plan.recipe.task_names
    document.heading("Scores alone")
    document.table(_alone(scores.table, tasks, len(plan.seeds)))
    document.heading("Gains")
    document.paragraph(_RULE if len(plan.seeds) > 1 else _RULE_OF_ONE_SEED)
    document.code(gain_text(gains.table, tasks), "text")
    document.picture(gain_heat_map(gains.table, tasks), "gains", "Gain of each main task from each auxiliary task")
    counts = ", ".join(f"{(gains.table['verdict'] == verdict).sum()} {verdict}" for verdict in Verdict)
    document.paragraph(f"Of {len(gains.table)} pairs: {counts}.")
    if gains.problems:
        document.items(list(gains.problems))


def _facts(plan: StudyPlan, scores: StudyScores) -> list[str]:
    recipe = plan.recipe
    batches, runs, settings = budget(recipe), scores.runs, recipe.training
    size = f"{settings.batch_size} sentences" if settings.batch_tokens is None else f"{settings.batch_tokens} words"
    commits = sorted({(run["commit"] or "unknown") for run in runs.values()})
    devices = " and ".join(sorted({run["device"] for run in runs.values()}))
    hours = sum(run["training_seconds"] for run in runs.values()) / 3600
    steps_alone, steps_of_pairs = (
        sum(runs[point.key]["steps"] for point in points if point.key in runs) for points in (plan.alone, plan.pairs)
    )
    return [
        f"tasks ({len(recipe.tasks)}): {', '.join(recipe.task_names)}",
        f"seeds ({len(plan.seeds)}): {', '.join(map(str, plan.seeds))}",
        f"budget: {batches:,} batches of {size} alone, {2 * batches:,} in a pair",
        "protocol: a batch is of one task, drawn uniformly; the model after the last batch is tested",
        f"runs: {len(runs)} finished of {len(plan.points)}, {hours:.2f} hours of training in all, on {devices}",
        f"cost: {steps_alone:,} batches for tasks alone, {steps_of_pairs:,} for pairs",
        f"commit: {', '.join(_short(commit) for commit in commits)}",
        "scores: of the test split, by which nothing was chosen; every run was tested once, at its end",
    ]


def _short(commit: str) -> str:
    """A commit in few digits; ``+`` stays: files of the package had changed since."""
    return commit[:_COMMIT_LENGTH] + ("+" if commit.endswith("+") else "")


def _said(plan: StudyPlan) -> dict[str, Any]:
    return plan.recipe.model_dump(mode="json", exclude={"output", "seed", "baselines"}, exclude_defaults=True)


def _alone(scores: pd.DataFrame, tasks: Collection[str], num_seeds: int) -> TextTable:
    rows = []
    for task in tasks:
        own = scores[(scores["task"] == task) & (scores["auxiliary"] == ALONE)]
        if len(own):
            metric = own["metric"].iloc[0]
            rows.append((task, metric, format_runs(metric, list(own["score"].dropna()), num_seeds)))
    title = "Test scores of each task alone (mean ± sample standard deviation over seeds)"
    return TextTable(title, ("task", "metric", "score"), tuple(rows), num_names=2)
