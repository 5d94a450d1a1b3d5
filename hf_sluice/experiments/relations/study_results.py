"""The folder of a study's results: tables, heat map, predictor and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.gain_text import gain_text
from hf_sluice.analysis.task_relations.gains import judge_gains
from hf_sluice.errors import UserError
from hf_sluice.experiments.collect import make_folder
from hf_sluice.experiments.relations.affinity_report import add_affinity
from hf_sluice.experiments.relations.study_overview import add_gains, add_overview
from hf_sluice.experiments.relations.study_prediction_report import add_features, add_predictions
from hf_sluice.experiments.relations.study_predictions import study_predictions
from hf_sluice.experiments.relations.study_recipes import budget
from hf_sluice.experiments.relations.study_scores import study_scores
from hf_sluice.experiments.relations.table_files import write_parquet, write_tsv
from hf_sluice.experiments.relations.task_features import task_features
from hf_sluice.experiments.reports.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.analysis.task_relations.relations import TaskRelations
    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.relations.study_plan import StudyPlan

_FEWEST_TASKS = 2


@dataclass(frozen=True)
class WrittenStudy:
    """What a study left.

    Args:
        files: their paths.
        gains: the matrix of gains as text of 80 columns.
    """

    files: tuple[Path, ...]
    gains: str


def write_study(plan: StudyPlan, folder: Path) -> WrittenStudy:
    """Writes what the finished runs of a study came to.

    ``gains.tsv`` and ``gains.parquet``, a row per pair; ``gains_per_seed.tsv``; ``scores.tsv``, a row per run and task;
    ``features.parquet`` and ``features.tsv``, a row per task; ``predictor.json``, unless gains or losses are missing;
    ``gains.png``, ``affinity.png`` where affinity was measured, and ``report.md``.

    Args:
        plan: the study.
        folder: where to write; made if need be.

    Raises:
        UserError: fewer than two tasks have a finished run alone, a run's results are damaged, or the folder cannot be
            written.
    """
    finished = _finished_alone(plan)
    if len(finished) < _FEWEST_TASKS:
        raise UserError(
            f"{plan.name}: {len(finished)} of {len(plan.recipe.tasks)} tasks have a finished run alone; there is no "
            "result yet"
        )
    scores = study_scores(plan)
    gains = judge_gains(scores.table, scores.smaller_is_better)
    features = task_features(finished, plan.store, budget(plan.recipe))
    predictions = study_predictions(features.table, gains.table, f"study {plan.name}")
    make_folder(folder)
    tables = (
        write_tsv(gains.table, folder / "gains.tsv"),
        write_parquet(gains.table, folder / "gains.parquet"),
        write_tsv(gains.per_seed, folder / "gains_per_seed.tsv"),
        write_tsv(scores.table, folder / "scores.tsv"),
        write_tsv(features.table.reset_index(), folder / "features.tsv"),
        write_parquet(features.table, folder / "features.parquet"),
    )
    document = Document(f"Task relations: {plan.name}")
    add_overview(document, plan, scores)
    add_gains(document, plan, scores, gains)
    add_features(document, features)
    add_predictions(document, predictions)
    add_affinity(document, plan, gains.table)
    files = (*tables, *_write_predictor(predictions.fitted, folder / "predictor.json"), *document.write(folder))
    return WrittenStudy(files, gain_text(gains.table, plan.recipe.task_names))


def _finished_alone(plan: StudyPlan) -> dict[str, list[Point]]:
    """Per task its finished runs, of the tasks that have one."""
    found: dict[str, list[Point]] = {}
    for point in plan.alone:
        if plan.store.is_finished(point):
            found.setdefault(point.recipe.task_names[0], []).append(point)
    return found


def _write_predictor(fitted: TaskRelations | str, path: Path) -> list[Path]:
    """Writes the predictor, or removes the one of an earlier state of the study where there is none now."""
    if isinstance(fitted, str):
        path.unlink(missing_ok=True)
        return []
    fitted.save(path)
    return [path]
