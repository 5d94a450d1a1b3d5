"""Prints how many numbers each sharing preset learns, as a Markdown table; nothing is timed.

python benchmarks/preset_parameters.py
python benchmarks/preset_parameters.py --vocab-size 18000 --labels 51 --tasks 4
"""

from __future__ import annotations

from typing import Annotated

import torch
import typer
from markdown_table import markdown_table

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.presets import PRESETS


def main(
    tasks: Annotated[int, typer.Option(min=2, help="M; single_task has one.")] = 2,
    vocab_size: Annotated[int, typer.Option(min=3, help="Word types.")] = 10_000,
    char_vocab_size: Annotated[int, typer.Option(min=2, help="Characters.")] = 100,
    labels: Annotated[int, typer.Option(min=1, help="Labels of each task.")] = 45,
) -> None:
    """Print α, β, layers and all parameters of every preset, the other fields of SluiceConfig at their defaults."""
    names = [str(label) for label in range(labels)]
    described = [{"name": f"task{number}", "labels": names} for number in range(tasks)]
    rows = []
    for sharing, preset in PRESETS.items():
        config = SluiceConfig(
            tasks=described[: preset.max_tasks],
            sharing=sharing,
            vocab_size=vocab_size,
            char_vocab_size=char_vocab_size,
        )
        with torch.device("meta"):
            model = SluiceForTokenClassification(config)
        learned = {part: _count(model.sluice, part) for part in ("alpha_weights", "beta_weights", "layers")}
        counts = (*learned.values(), model.num_parameters())
        rows.append((f"`{sharing}`", str(len(config.tasks)), *(f"{count:,}" for count in counts)))
    print(markdown_table(("preset", "tasks", "α", "β", "layers", "all parameters"), rows))


def _count(model: torch.nn.Module, part: str) -> int:
    return sum(parameter.numel() for parameter in getattr(model, part).parameters())


if __name__ == "__main__":
    typer.run(main)
