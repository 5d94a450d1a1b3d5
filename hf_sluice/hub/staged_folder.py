"""A folder as it is to stand on the Hub, put together and tried out before anybody talks to the Hub."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import torch

from hf_sluice.errors import UserError
from hf_sluice.hub.harmless_records import copy_metrics, copy_recipe, copy_results
from hf_sluice.models.architecture_saving import learned_architecture, replace_architecture
from hf_sluice.models.generated_card import signed
from hf_sluice.models.sharing_architecture import ARCHITECTURE_FILE, MASKS_FILE
from hf_sluice.models.travelling_code import add_code
from hf_sluice.prediction.model_folder import load_tagger
from hf_sluice.training.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hf_sluice.prediction.model_folder import SavedTagger

CARD = "README.md"
_OF_THE_MODEL = ("config.json", "model.safetensors", "vocabulary.json", "tokenizer_config.json")
_RECORDS = {"recipe.yaml": copy_recipe, "results.json": copy_results, "metrics.jsonl": copy_metrics}


def stage(name: str, folder: Path, repo_id: str) -> None:
    """Fills a folder with all that belongs to a model on the Hub, and sees to it that it loads.

    Model, tokenizer and sharing architecture; the code that loads them without this package; of a run its records,
    without paths of this machine; and the card with its pictures.

    Args:
        name: the folder of a finished run or of a model, or a model's name on the Hub.
        folder: a new folder.
        repo_id: ``user/name``, for the card.

    Raises:
        UserError: there is no such model, it is damaged, or its run has not come to its end.
    """
    run = _run_of(Path(name))
    tagger = load_tagger(name)
    _copy_model(tagger, folder)
    from hf_sluice.hub.model_card import write_model_card  # takes the libraries for pictures along

    with _shown_run(run) as shown:
        write_model_card(folder, folder, run_folder=shown, repo_id=repo_id)
        records = [] if shown is None else [shown / record for record in _RECORDS]
        for record in records:
            if record.exists():
                shutil.copyfile(record, folder / record.name)
    card = folder / CARD
    card.write_text(signed(card.read_text(encoding="utf-8")), encoding="utf-8")
    add_code(folder, tagger.model)
    _check_loads_the_same(folder, tagger)
    _check_private(folder, Path(name))


def _run_of(path: Path) -> RunFolder | None:
    """The run that a model comes from, None where it comes from none."""
    folder = path.resolve().parent if path.resolve().name == "model" else path
    if not (folder / "recipe.yaml").exists() or not (folder / "model").is_dir():
        return None
    run = RunFolder(folder)
    if not run.is_finished:
        raise UserError(f"{folder}: the run has not come to its end; `hf-sluice train … --resume` continues it")
    return run


def _copy_model(tagger: SavedTagger, folder: Path) -> None:
    for file in (*_OF_THE_MODEL, ARCHITECTURE_FILE, MASKS_FILE):
        if (tagger.folder / file).exists():
            shutil.copyfile(tagger.folder / file, folder / file)
    if not (folder / ARCHITECTURE_FILE).exists():  # saved by an earlier version
        replace_architecture(learned_architecture(tagger.model), folder)


@contextmanager
def _shown_run(run: RunFolder | None) -> Iterator[Path | None]:
    """The folder of a run with its records as others may see them, for the time of the block."""
    if run is None:
        yield None
        return
    with TemporaryDirectory() as path:
        shown = Path(path) / run.path.resolve().name
        shown.mkdir()
        for entry in run.path.resolve().iterdir():
            if entry.name in _RECORDS:
                _RECORDS[entry.name](entry, shown / entry.name)
            else:
                (shown / entry.name).symlink_to(entry)
        yield shown


def _check_loads_the_same(folder: Path, tagger: SavedTagger) -> None:
    loaded = load_tagger(str(folder)).model.state_dict()
    for name, value in tagger.model.state_dict().items():
        if not torch.equal(value, loaded[name]):
            raise UserError(f"{tagger.folder}: {name} does not come back as it was saved; nothing was published")


def _check_private(folder: Path, source: Path) -> None:
    """Sees to it that no file tells where things lie on this machine."""
    places = {str(Path.home()), str(Path.cwd()), str(source.resolve())} - {"/"}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".safetensors", ".png", ".py"}:
            text = path.read_text(encoding="utf-8")
            found = next((place for place in sorted(places) if f"{place}/" in text), None)
            if found is not None:
                raise UserError(f"{path.name}: would tell of {found} on this machine; nothing was published")
