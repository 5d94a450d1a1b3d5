"""The learned architecture of a saved model as text, apart from its masks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.sharing_architecture import ARCHITECTURE_FILE, SharingArchitecture
from hf_sluice.prediction.model_folder import load_tagger


def architecture_text(model_folder: Path) -> str:
    """What ``architecture.json`` says; of a model that was saved without one, what it would say.

    Args:
        model_folder: the folder of ``save_pretrained``.

    Raises:
        ModelFolderError: it is missing or damaged, or α and β are no numbers that could be used again.
    """
    saved = model_folder / ARCHITECTURE_FILE
    if saved.exists():
        return saved.read_text(encoding="utf-8")
    model = load_tagger(str(model_folder)).model
    try:
        architecture = SharingArchitecture.of_model(model)
    except ValueError as error:
        raise ModelFolderError(f"{model_folder}: {error}") from None
    with TemporaryDirectory() as folder:
        architecture.save(folder)
        return (Path(folder) / ARCHITECTURE_FILE).read_text(encoding="utf-8")
