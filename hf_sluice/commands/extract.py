"""``hf-sluice extract``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.options import ModelName
from hf_sluice.commands.terminal import console, print_json, print_tables
from hf_sluice.quiet_libraries import quiet_libraries


def extract(
    model: ModelName,
    task: Annotated[
        list[str], typer.Option("--task", metavar="TASK", help="A task to take out; can be given again for others.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The new model's folder; it may be there if empty.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    r"""Take tasks out of a model, as a model of their own that predicts the same.

    Examples:
      hf-sluice extract runs/demo --task ner --output models/ner
      hf-sluice extract runs/demo --task pos --task ner --output models/pos-and-ner

    What the tasks do not depend on is left out: other heads, networks, layers, and weights outside of their masks.
    """
    from hf_sluice.analysis.size_table import model_sizes, size_table
    from hf_sluice.errors import UserError
    from hf_sluice.models.extraction import extract_tasks
    from hf_sluice.new_folder import check_new_folder, new_folder
    from hf_sluice.prediction.model_folder import load_tagger

    quiet_libraries()
    check_new_folder(output)
    tagger = load_tagger(model)
    try:
        part = extract_tasks(tagger.model, task)
    except ValueError as error:
        raise UserError(f"{model}: {error}") from None
    with new_folder(output) as folder:
        part.save_pretrained(folder)
        tagger.tokenizer.save_pretrained(folder)
    sizes = {"whole": model_sizes(tagger.model), "part": model_sizes(part)}
    if json:
        print_json({"folder": str(output), "tasks": task, **sizes})
        return
    out = console()
    print_tables([size_table(sizes["whole"], sizes["part"]).rich()], out)
    out.print(f"Saved to {output}", markup=False, soft_wrap=True)
