"""``hf-sluice train``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hf_sluice.commands.options import Overrides, RecipeFile
from hf_sluice.commands.terminal import console, facts_grid, print_json, print_tables, tell
from hf_sluice.errors import RecipeError
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.evaluation.tables import TextTable
    from hf_sluice.training.run_folder import RunFolder


def train(
    recipe: RecipeFile,
    seed: Annotated[int | None, typer.Option(min=0, metavar="N", help="In place of the recipe's.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="The run's folder, likewise.")
    ] = None,
    overrides: Overrides = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run that is there.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Remove the run that is there; keep its search.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    r"""Train what a recipe describes, and test it beside its baselines.

    Examples:
      hf-sluice train recipes/demo.yaml
      hf-sluice train recipes/demo.yaml --seed 1 --output runs/demo-1
      hf-sluice train recipes/demo.yaml --set model.alpha_init=balanced
      hf-sluice train recipes/demo.yaml --resume

    On several GPUs, and on several CPU processes:
      accelerate launch -m hf_sluice train recipes/demo.yaml
      torchrun --nproc_per_node 2 -m hf_sluice train recipes/demo.yaml
    """
    if resume and overwrite:
        raise typer.BadParameter("--resume and --overwrite exclude each other")

    from hf_sluice.recipe import load_recipe

    loaded = load_recipe(recipe, overrides or ())  # before the libraries, which take seconds to load
    chosen = {"seed": seed, "output": None if output is None else str(output)}
    loaded = loaded.model_copy(update={name: value for name, value in chosen.items() if value is not None})

    from accelerate import PartialState

    from hf_sluice.training.plan import run_facts, tasks_table
    from hf_sluice.training.run import train_recipe

    quiet_libraries()
    notes = console(stderr=json)
    started = time.perf_counter()
    try:
        folder = train_recipe(
            loaded,
            resume=resume,
            overwrite=overwrite,
            describe=lambda trainer: print_tables([tasks_table(trainer).rich(), facts_grid(run_facts(trainer))], notes),
            announce=lambda system: notes.print(f"training {system}", markup=False),
            tell=tell,
        )
    except RecipeError as error:
        raise RecipeError(f"{recipe}: {error}") from None
    if PartialState().is_main_process:
        _print_results(folder, time.perf_counter() - started, as_json=json)
    PartialState().destroy_process_group()


def _print_results(folder: RunFolder, seconds: float, *, as_json: bool) -> None:
    from dataclasses import asdict

    from hf_sluice.evaluation.tables import comparison_table
    from hf_sluice.tasks import Task

    results = folder.read_results()
    if as_json:
        scores = {
            system: {split: list(map(asdict, rows)) for split, rows in splits.items()}
            for system, splits in results["scores"].items()
        }
        print_json({**results, "scores": scores, "folder": str(folder.path)})
        return
    out = console()
    tasks = [Task.from_dict(task) for task in results["tasks"]]
    on_test = {system: [splits["test"]] for system, splits in results["scores"].items()}
    out.print()
    tables = [comparison_table(on_test, tasks, "Scores on test"), *_sharing_tables(results, out.width)]
    print_tables([table.rich() for table in tables], out)
    counted = f"{results['counted_parameters']:,} without embeddings, heads and weights that no task uses"
    out.print(f"Parameters: {results['parameters']:,}; {counted}.", markup=False)
    best = f"epoch {results['best_epoch'] + 1} of {results['epochs']}"
    out.print(f"Trained {results['system']} in {results['training_seconds']:.0f} s and kept {best}.", markup=False)
    out.print(f"The command took {seconds:.0f} s, data, baselines and tests included.", markup=False)
    masks = ["masks.safetensors"] if "masks" in results else []
    files = ["model/", "results.json", "metrics.jsonl", *masks, "recipe.yaml"]
    out.print(f"Saved to {folder.path}: {', '.join(files)}", markup=False)


def _sharing_tables(results: Mapping[str, Any], width: int) -> list[TextTable]:
    """What the model has learned to share: α and β of a sluice network, or its masks."""
    if "masks" in results:
        from hf_sluice.analysis.mask_tables import mask_tables

        return mask_tables(results["masks"])
    from hf_sluice.analysis.sharing_tables import Sharing, alpha_tables, beta_table

    sharing = Sharing.of_results(results)
    return [*alpha_tables(sharing, width=width), beta_table(sharing)]
