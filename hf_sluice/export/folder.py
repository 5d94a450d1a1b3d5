"""The folder of an exported tagger: graph, description, vocabulary, and the program that runs it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import onnx

from hf_sluice.errors import UserError
from hf_sluice.export.agreement import Comparison, compare_graph
from hf_sluice.export.description import describe
from hf_sluice.export.tagger_graph import tagger_graphs
from hf_sluice.models import word_features
from hf_sluice.models.extraction import extract_tasks
from hf_sluice.prediction import onnx_tagger
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from hf_sluice.prediction.onnx_tagger.description import DESCRIPTION
from hf_sluice.prediction.onnx_tagger.graph_session import CHARACTERS, GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.prediction.model_folder import SavedTagger


@dataclass(frozen=True, slots=True)
class ExportedTagger:
    """What was written, and how it was found to be.

    Args:
        tasks: that it has.
        reads_characters: whether it has a graph for them.
        comparison: with the model.
    """

    tasks: tuple[str, ...]
    reads_characters: bool
    comparison: Comparison


def export_tagger(saved: SavedTagger, tasks: Sequence[str], folder: Path, operators: int) -> ExportedTagger:
    """Fills a new folder, and compares what is in it with the model.

    Args:
        saved: the model, which stays as it is.
        tasks: names; what they do not depend on is left out.
        folder: a new one.
        operators: version of the set of operators.

    Raises:
        UserError: no graph can be made of the model, or it says something else.
    """
    try:
        model = extract_tasks(saved.model, tasks).float().cpu()
    except ValueError as error:
        raise UserError(f"{saved.folder}: {error}") from None
    graphs = tagger_graphs(model, operators)
    onnx.save(graphs.tagger, folder / GRAPH)
    if graphs.characters is not None:
        onnx.save(graphs.characters, folder / CHARACTERS)
    (folder / DESCRIPTION).write_text(describe(model, saved.tokenizer), encoding="utf-8")
    saved.tokenizer.save_pretrained(folder)
    _copy_program(folder)
    comparison = compare_graph(model, saved.tokenizer, OnnxTagger(folder))
    return ExportedTagger(tuple(tasks), graphs.characters is not None, comparison)


def _copy_program(folder: Path) -> None:
    """Copies the package that runs graphs, under its own name."""
    source = Path(onnx_tagger.__file__).parent
    copy = folder / source.name
    copy.mkdir()
    for file in source.glob("*.py"):
        shutil.copyfile(file, copy / file.name)
    shutil.copyfile(word_features.__file__, copy / Path(word_features.__file__).name)  # in place of what refers to it
