"""``hf-sluice evaluate``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.options import ModelName, NumberTypeName, Overrides
from hf_sluice.commands.terminal import console, print_tables, to_json
from hf_sluice.quiet_libraries import quiet_libraries


class Split(StrEnum):
    """The splits of a corpus."""

    TEST = "test"
    VALIDATION = "validation"
    TRAIN = "train"


def evaluate(
    model: ModelName,
    recipe: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The recipe whose data to take; by default the one that the run was made with."
        ),
    ] = None,
    split: Annotated[Split, typer.Option(help="Which split to score.")] = Split.TEST,
    overrides: Overrides = None,
    dtype: NumberTypeName = None,
    details: Annotated[
        bool, typer.Option("--details", help="All scores: precision, recall and each type of span too.")
    ] = False,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the scores to this file too, as JSON.")
    ] = None,
) -> None:
    r"""Score a saved model per task and domain.

    Examples:
      hf-sluice evaluate runs/demo
      hf-sluice evaluate runs/demo --split validation --details
      hf-sluice evaluate runs/demo --recipe recipes/other.yaml --json scores.json
    """
    from dataclasses import asdict

    from hf_sluice.analysis.model_summary import sharing_name
    from hf_sluice.evaluation.saved_tagger import evaluate_tagger
    from hf_sluice.evaluation.tables import comparison_table, detail_table
    from hf_sluice.prediction.model_folder import load_tagger, recipe_of_run
    from hf_sluice.recipe import load_recipe
    from hf_sluice.training.building import build_corpus
    from hf_sluice.whole_file import write_whole

    quiet_libraries()
    tagger = load_tagger(model, dtype)
    corpus = build_corpus(load_recipe(recipe or recipe_of_run(tagger.folder), overrides or ()))
    found = evaluate_tagger(tagger.model, tagger.tokenizer, corpus, split)
    title = f"Scores on {split}" if dtype is None else f"Scores on {split}, in {dtype}"
    system = sharing_name(tagger.model)
    table = detail_table(found.rows, title) if details else comparison_table({system: [found.rows]}, found.tasks, title)
    out = console()
    print_tables([table.rich()], out)
    for note in found.notes:
        out.print(note, markup=False)
    if json is not None:
        with write_whole(json) as file:
            file.write(
                to_json({"model": model, "split": split, "dtype": dtype, "scores": list(map(asdict, found.rows))})
            )
