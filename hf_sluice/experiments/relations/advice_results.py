"""Advice from the runs of a plan, and its files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.task_relations.advice import Advice
from hf_sluice.experiments.collect import make_folder
from hf_sluice.experiments.relations.table_files import write_parquet
from hf_sluice.experiments.relations.task_features import task_features
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.analysis.task_relations.relations import TaskRelations
    from hf_sluice.experiments.relations.inductions import InductionPlan
    from hf_sluice.experiments.relations.task_features import TaskFeatures


def give_advice(plan: InductionPlan, relations: TaskRelations) -> tuple[Advice, TaskFeatures]:
    """Reads the finished runs, and predicts.

    Raises:
        UserError: a corpus cannot be read, or nothing is known that the predictor reads.
    """
    found = task_features(plan.runs, plan.store, plan.budget)
    return Advice.of(relations, found.table, plan.main, plan.auxiliaries, found.problems), found


def advice_values(plan: InductionPlan, advice: Advice) -> dict[str, Any]:
    """Advice and its cost in plain values."""
    cost = {"batches": plan.cost, "batches_of_pairs": plan.cost_of_pairs, "share": plan.cost / plan.cost_of_pairs}
    return {**advice.to_dict(), "cost": cost, "seeds": [point.recipe.seed for point in plan.runs[plan.main]]}


def cost_text(plan: InductionPlan) -> str:
    """What the advice cost, beside what it spares."""
    share = 100 * plan.cost / plan.cost_of_pairs
    runs = sum(map(len, plan.runs.values()))
    return (
        f"Cost: {runs} runs of {plan.batches:,} batches, {plan.cost:,} in all;\n"
        f"{plan.main} with each candidate would take {plan.cost_of_pairs:,}: this is {share:.0f} % of it.\n"
    )


def write_advice(plan: InductionPlan, advice: Advice, found: TaskFeatures, text: str, folder: Path) -> list[Path]:
    """Writes ``advice.txt``, ``advice.json``, ``advice.png`` and ``features.parquet``; returns their paths.

    Raises:
        UserError: the folder cannot be written.
    """
    from hf_sluice.analysis.figure_file import save_figure
    from hf_sluice.analysis.task_relations.advice_figure import advice_figure

    make_folder(folder)
    values = json.dumps(advice_values(plan, advice), indent=1, ensure_ascii=False) + "\n"
    for name, content in (("advice.txt", text), ("advice.json", values)):
        with write_whole(folder / name) as file:
            file.write(content)
    save_figure(advice_figure(advice), folder / "advice.png")
    write_parquet(found.table, folder / "features.parquet")
    return [folder / name for name in ("advice.txt", "advice.json", "advice.png", "features.parquet")]
