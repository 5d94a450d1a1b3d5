"""Saved sharing architectures: found in a run's folder, a model folder or on the Hub, or refused in one line."""

from __future__ import annotations

from pathlib import Path

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.sharing_architecture import ARCHITECTURE_FILE, SharingArchitecture
from hf_sluice.prediction.hub_model import HubModel


def load_architecture(name: str, revision: str | None = None) -> SharingArchitecture:
    """Loads what a model has learned to share; of a model on the Hub nothing else is fetched.

    Args:
        name: the folder of a run, of a model or of an architecture, or a model's name on the Hub, ``user/repo`` or
            ``user/repo@revision``.
        revision: branch, tag or commit on the Hub.

    Raises:
        ModelFolderError: there is no such model, or its architecture is missing, damaged or of a later version.
    """
    place: Path | str | None = _folder(name)
    if place is not None and revision is not None:
        raise ModelFolderError(f"{name}: a revision ({revision}) is for models on the Hub; this is a folder")
    if place is None:
        place, revision = _on_the_hub(name, revision)
    try:
        return SharingArchitecture.from_pretrained(place, revision=revision)
    except (OSError, ValueError) as error:
        raise ModelFolderError(" ".join(str(error).split())) from None


def _on_the_hub(name: str, revision: str | None) -> tuple[str, str | None]:
    """Repository and revision."""
    model = HubModel.parse(name)
    if model is None:
        raise ModelFolderError(f"{name}: no such folder")
    if None not in (model.revision, revision):
        raise ModelFolderError(f"{name}: names a revision, and {revision!r} is another one")
    return model.repository, model.revision or revision


def _folder(name: str) -> Path | None:
    """Where the files lie; None where they are no files of this machine."""
    path = Path(name)
    for folder in (path, path / "model"):
        if (folder / ARCHITECTURE_FILE).is_file():
            return folder
    if (path / "recipe.yaml").exists() and not (path / "model").exists():
        raise ModelFolderError(f"{name}: the run has not come to its end; `hf-sluice train … --resume` continues it")
    if path.exists():
        raise ModelFolderError(
            f"{name}: holds no {ARCHITECTURE_FILE}, which stands beside a model's weights; save a model of an earlier "
            "version again"
        )
    return None
