"""``hf-sluice relate study``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.making_runs import DEFAULT_STORE, Jobs, OnRay, StoreFolder, make_runs, tell_failures
from hf_sluice.commands.options import Overrides, RecipeFile
from hf_sluice.commands.terminal import console

if TYPE_CHECKING:
    from hf_sluice.experiments.relations.study_plan import StudyPlan

FAILED = 1


def study(
    recipe: RecipeFile,
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="Repeat every run with the seeds 1 to N.")] = 3,
    affinity: Annotated[
        bool, typer.Option("--affinity", help="Also train all tasks together, and measure affinity between them.")
    ] = False,
    overrides: Overrides = None,
    jobs: Jobs = 1,
    ray: OnRay = False,
    store: StoreFolder = DEFAULT_STORE,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The results go into a folder here.")
    ] = Path("recipes/results"),
    report_only: Annotated[bool, typer.Option("--report-only", help="Make no runs; report those there are.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the runs that are missing.")] = False,
) -> int:
    r"""Train all tasks of a recipe alone and in pairs, and learn what predicts a gain.

    Runs are kept as those of experiments are: none is made twice, one that was
    cut short is continued, and a study that gets another task or seed keeps
    those that it has. Pairs share hard unless model.sharing says otherwise, and
    get twice the batches, so that each task sees as many as alone. Results are
    the gains and their heat map, features, a predictor and a report.

    Examples:
      hf-sluice relate study recipes/relations_demo.yaml
      hf-sluice relate study recipes/relations_study.yaml --dry-run
      hf-sluice relate study recipes/relations_study.yaml --seeds 3 --jobs 2 --affinity
    """
    from hf_sluice.experiments.relations.study_plan import plan_study
    from hf_sluice.recipe import load_recipe

    plan = plan_study(load_recipe(recipe, overrides or ()), recipe, range(1, seeds + 1), store, with_affinity=affinity)
    if dry_run:
        _list_missing(plan)
        return 0
    folder = output / plan.name
    failures = [] if report_only else make_runs(plan.missing, plan.store, jobs, [folder], on_ray=ray)
    tell_failures(failures)
    _report(plan, folder)
    return FAILED if failures else 0


def _list_missing(plan: StudyPlan) -> None:
    for point in plan.missing:
        state = "begun" if plan.store.is_begun(point) else "missing"
        typer.echo(f"{plan.name}\t{point.key}\t{state}\t{point.label}")
    console(stderr=True).print(f"{len(plan.missing)} of {plan.num_runs} runs are missing")


def _report(plan: StudyPlan, folder: Path) -> None:
    from hf_sluice.experiments.relations.study_results import write_study

    written = write_study(plan, folder)
    note = f"; {len(plan.missing)} of its runs are missing" if plan.missing else ""
    typer.echo(f"{plan.name}: wrote {', '.join(map(str, written.files))}{note}")
    typer.echo()
    typer.echo(written.gains, nl=False)
