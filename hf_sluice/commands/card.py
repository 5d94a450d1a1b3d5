"""``hf-sluice card``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hf_sluice.commands.options import ModelName
from hf_sluice.commands.terminal import console
from hf_sluice.quiet_libraries import quiet_libraries


def card(
    model: ModelName,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the card is written.")],
    repo_id: Annotated[
        str | None,
        typer.Option("--repo-id", metavar="USER/NAME", help="The model's name on the Hub, for examples."),
    ] = None,
) -> None:
    r"""Write a model's card: what it does, how good it is, and what it learned to share, as the Hub shows it.

    Examples:
      hf-sluice card runs/demo --output model_cards/demo --repo-id user/demo

    FOLDER gets README.md, figures/ and architecture.json; what is there of
    these is replaced. Of a model that lies in no run's folder the card
    says nothing but what the model tells.
    """
    from hf_sluice.hub.architecture_text import architecture_text
    from hf_sluice.hub.model_card import write_model_card
    from hf_sluice.models.sharing_architecture import ARCHITECTURE_FILE
    from hf_sluice.prediction.model_folder import find_model
    from hf_sluice.whole_file import write_whole

    quiet_libraries()
    folder = find_model(model)
    run = folder.resolve().parent if folder.name == "model" else None
    write_model_card(folder, output, run_folder=run, repo_id=repo_id)
    with write_whole(output / ARCHITECTURE_FILE) as file:
        file.write(architecture_text(folder))
    console().print(f"Written to {output}", markup=False, soft_wrap=True)
