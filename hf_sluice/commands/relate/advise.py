"""``hf-sluice relate advise``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.making_runs import DEFAULT_STORE, Jobs, OnRay, StoreFolder, make_runs, tell_failures
from hf_sluice.commands.options import Overrides, RecipeFile
from hf_sluice.commands.terminal import print_json

if TYPE_CHECKING:
    from hf_sluice.analysis.task_relations.relations import TaskRelations

FAILED = 1


def advise(
    recipe: RecipeFile,
    main: Annotated[str, typer.Option(metavar="TASK", help="The task that is to be helped.")],
    auxiliaries: Annotated[
        list[str] | None,
        typer.Option("--aux", metavar="TASK,…", help="Candidates; can be given again. [default: all other tasks]"),
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Of the recipe's batches, how many each task is trained on, alone.")
    ] = 0.3,
    seeds: Annotated[int, typer.Option(min=1, metavar="N", help="Repeat every run with the seeds 1 to N.")] = 1,
    predictor: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Of relate study or relate fit. [default: Bingel & Søgaard's ten tasks]"),
    ] = None,
    overrides: Overrides = None,
    jobs: Jobs = 1,
    ray: OnRay = False,
    store: StoreFolder = DEFAULT_STORE,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Where text, JSON, picture and features go. [default: nowhere]"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> int:
    r"""Say which auxiliary task is likely to help, before any two tasks are trained together.

    Trains the beginning of each task's model alone, and predicts from data and
    learning curves how likely each candidate is to help, with what speaks for
    and against it, how far the tasks lie outside what the predictor was fitted
    on, and what its predictions are worth.

    Examples:
      hf-sluice relate advise recipes/relations_demo.yaml --main ner
      hf-sluice relate advise recipes/relations_study.yaml --main ner --aux pos,chunk -o runs/advice
      hf-sluice relate advise recipe.yaml --main ner --predictor recipes/results/relations_study/predictor.json
    """
    from hf_sluice.analysis.task_relations.advice_text import advice_text
    from hf_sluice.experiments.relations.advice_results import advice_values, cost_text, give_advice, write_advice
    from hf_sluice.experiments.relations.inductions import plan_inductions
    from hf_sluice.recipe import load_recipe

    relations = _relations(predictor)
    asked = [name.strip() for names in auxiliaries or () for name in names.split(",") if name.strip()]
    read = load_recipe(recipe, overrides or ())
    plan = plan_inductions(read, str(recipe), main, asked or None, share, range(1, seeds + 1), store)
    failures = make_runs(plan.missing, plan.store, jobs, [output] if output else [], on_ray=ray)
    if failures:
        tell_failures(failures)
        return FAILED
    advice, found = give_advice(plan, relations)
    text = f"{advice_text(advice)}\n{cost_text(plan)}"
    written = write_advice(plan, advice, found, text, output) if output else []
    if json:
        print_json(advice_values(plan, advice))
        return 0
    typer.echo(text, nl=False)
    for path in written:
        typer.echo(path)
    return 0


def _relations(predictor: Path | None) -> TaskRelations:
    from hf_sluice.analysis.task_relations.relations import TaskRelations

    return TaskRelations.published() if predictor is None else TaskRelations.load(predictor)
