"""``hf-sluice experiment``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.making_runs import DEFAULT_STORE, Jobs, OnRay, StoreFolder, make_runs, tell_failures
from hf_sluice.commands.terminal import console
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.experiments.planning import Plan, PlannedExperiment

FAILED = 1

ExperimentFiles = Annotated[list[Path], typer.Argument(metavar="EXPERIMENT...", help="Experiment files (YAML).")]


def experiment(
    files: ExperimentFiles,
    jobs: Jobs = 1,
    ray: OnRay = False,
    store: StoreFolder = DEFAULT_STORE,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the results go, a folder per experiment.")
    ] = Path("recipes/results"),
    report_only: Annotated[bool, typer.Option("--report-only", help="Make no runs; report those there are.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the runs that are missing.")] = False,
) -> int:
    r"""Make the runs of experiments that are missing, and report what all of them came to.

    A run is kept under what its recipe and seed say, so that no run is made
    twice, whichever experiments it belongs to; one that was cut short is
    continued. Results are tables (JSON lines, parquet), a report and plots.

    Examples:
      hf-sluice experiment recipes/experiments/synthetic.yaml
      hf-sluice experiment recipes/experiments/*.yaml --jobs 4
      hf-sluice experiment recipes/experiments/table5.yaml --dry-run
      hf-sluice experiment recipes/experiments/*.yaml --ray --jobs 64
    """
    from hf_sluice.experiments.planning import make_plan

    plan = make_plan(files, store)
    if dry_run:
        _list_missing(plan)
        return 0
    failures = [] if report_only else _make_runs(plan, jobs, output, on_ray=ray)
    tell_failures(failures)
    for planned in plan.experiments:
        try:
            _report(planned, plan, output)
        except UserError as error:
            if not failures:
                raise
            console(stderr=True).print(f"hf-sluice: {error}", markup=False)
    return FAILED if failures else 0


def _list_missing(plan: Plan) -> None:
    for planned in plan.experiments:
        for point in planned.points:
            if point.key in plan.missing:
                state = "begun" if plan.store.is_begun(point) else "missing"
                typer.echo(f"{planned.experiment.name}\t{point.key}\t{state}\t{point.label}")
    console(stderr=True).print(f"{len(plan.missing)} of {plan.num_runs} runs are missing")


def _make_runs(plan: Plan, jobs: int, output: Path, *, on_ray: bool) -> Sequence[str]:
    folders = [output / planned.experiment.name for planned in plan.experiments]
    missing = plan.missing.values()
    return make_runs(missing, plan.store, jobs, folders, on_ray=on_ray, keep_models=plan.keep_models)


def _report(planned: PlannedExperiment, plan: Plan, output: Path) -> None:
    from hf_sluice.experiments.results import write_experiment

    name = planned.experiment.name
    written, missing = write_experiment(planned, plan.store, output / name)
    note = f"; {missing} of its runs are missing" if missing else ""
    typer.echo(f"{name}: wrote {', '.join(map(str, written)) or 'nothing'}{note}")
