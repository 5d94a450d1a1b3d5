"""``hf-sluice export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import ModelName, Overrides
from hf_sluice.commands.terminal import console, print_json, print_tables
from hf_sluice.onnx_library import NEWEST_OPSET, OLDEST_OPSET, USUAL_OPSET, need_onnx
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from hf_sluice.export.folder import ExportedTagger
    from hf_sluice.export.graph_scores import GraphScores


def export(
    model: ModelName,
    onnx: Annotated[
        Path, typer.Option("--onnx", metavar="FOLDER", help="Where to write: a new folder, or an empty one.")
    ],
    tasks: Annotated[str | None, typer.Option(metavar="NAMES", help="Only these tasks, separated by commas.")] = None,
    int8: Annotated[
        bool, typer.Option("--int8", help="Write a graph in whole numbers of eight bits, too, and say what it loses.")
    ] = False,
    recipe: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Whose development data tells what int8 loses; by default that of the run."),
    ] = None,
    overrides: Overrides = None,
    opset: Annotated[
        int, typer.Option(min=OLDEST_OPSET, max=NEWEST_OPSET, metavar="N", help="The version of ONNX's operators.")
    ] = USUAL_OPSET,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    r"""Write a tagger as an ONNX graph, for programs without torch.

    Examples:
      hf-sluice export runs/demo --onnx exported/demo
      hf-sluice export runs/demo --onnx exported/ner --tasks ner --int8

    The graph is compared with the model on sentences of many lengths; where they
    differ, nothing is written. The folder brings the program that runs it, which
    needs onnxruntime and numpy alone.
    """
    if (recipe or overrides) and not int8:
        raise typer.BadParameter("--recipe and --set say what data int8 is scored on; give --int8, too")

    from hf_sluice.new_folder import check_new_folder, new_folder
    from hf_sluice.prediction.chosen_tasks import choose_tasks
    from hf_sluice.prediction.model_folder import load_tagger, recipe_of_run
    from hf_sluice.recipe import load_recipe
    from hf_sluice.training.building import build_corpus

    need_onnx("onnx", "onnxruntime")
    from hf_sluice.export.folder import export_tagger
    from hf_sluice.export.graph_scores import score_graphs
    from hf_sluice.export.quantisation import quantise
    from hf_sluice.export.readme import read_me

    quiet_libraries()
    check_new_folder(onnx)
    tagger = load_tagger(model)
    asked = None if tasks is None else [name.strip() for name in tasks.split(",")]
    names = choose_tasks(tagger.model.config.task_names, asked)
    corpus = build_corpus(load_recipe(recipe or recipe_of_run(tagger.folder), overrides or ())) if int8 else None
    with new_folder(onnx) as folder:
        exported = export_tagger(tagger, names, folder, opset)
        scores = None
        if corpus is not None:
            quantise(folder)
            scores = score_graphs(tagger, names, folder, corpus)
        (folder / "README.md").write_text(read_me(exported, scores), encoding="utf-8")
    (_print_json if json else _print)(onnx, exported, scores)


def _print(folder: Path, exported: ExportedTagger, scores: GraphScores | None) -> None:
    out = console()
    if scores is not None:
        print_tables([scores.table().rich()], out)
    found = exported.comparison
    out.print(
        f"Logits of {found.sentences} sentences differ from the model's by {found.largest_difference:.1e} at most"
    )
    out.print(f"Saved to {folder}", markup=False, soft_wrap=True)


def _print_json(folder: Path, exported: ExportedTagger, scores: GraphScores | None) -> None:
    from dataclasses import asdict

    values = {"folder": str(folder), **asdict(exported)}
    if scores is not None:
        values["int8"] = {"losses": scores.losses, "scores": {k: list(map(asdict, v)) for k, v in scores.rows.items()}}
    print_json(values)
