"""Saved taggers: found in a run's folder, a model folder or on the Hub, and loaded or refused in one line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.model_types import MODEL_TYPES
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.models.word_features import listed
from hf_sluice.prediction.hub_model import HubModel
from hf_sluice.prediction.number_type import compute_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.prediction.number_type import NumberType

_VOCABULARY = TaggerTokenizer.vocab_files_names["vocab_file"]
_NEEDED = ("model.safetensors", _VOCABULARY, "tokenizer_config.json")
_FILES = ("config.json", *_NEEDED, "architecture.json", "masks.safetensors", "recipe.yaml")


@dataclass(frozen=True, slots=True)
class SavedTagger:
    """A tagger in evaluation mode, and its tokenizer.

    Args:
        model: the tagger.
        tokenizer: its tokenizer.
        folder: where the files lie.
    """

    model: TaggerForTokenClassification
    tokenizer: TaggerTokenizer
    folder: Path


def load_tagger(name: str, numbers: NumberType | None = None) -> SavedTagger:
    """Loads a tagger, onto the GPU where there is one.

    Args:
        name: the folder of a run or of a model, or a model's name on the Hub, ``user/repo`` or ``user/repo@revision``.
        numbers: the type that it shall compute in; by default that in which it was saved.

    Raises:
        ModelFolderError: there is no such model, or it is unfinished, damaged or of another type.
        UserError: the machine does not compute in this type.
    """
    folder = find_model(name)
    config = _read_config(folder)
    if config.get("model_type") not in MODEL_TYPES:
        raise ModelFolderError(
            f"{folder}: holds a model of type {config.get('model_type')!r}; {', '.join(MODEL_TYPES)} is expected"
        )
    for file in _NEEDED:
        if not (folder / file).is_file():
            raise ModelFolderError(f"{folder}: the file {file} is missing; a folder of save_pretrained is expected")
    tokenizer = _load_tokenizer(folder)
    model = _load_model(folder, config)
    _check_vocabulary(folder, model, tokenizer)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device)  # type: ignore[arg-type]
    if numbers is not None:
        compute_in(model, numbers)
    return SavedTagger(model, tokenizer, folder)


def find_model(name: str) -> Path:
    """The local folder that holds a model's files; those of a model on the Hub are fetched.

    Raises:
        ModelFolderError: there is none.
    """
    path = Path(name)
    if (path / "config.json").exists():
        return path
    if (path / "model" / "config.json").exists():
        return path / "model"
    if (path / "recipe.yaml").exists():
        raise ModelFolderError(f"{name}: the run has not come to its end; `hf-sluice train … --resume` continues it")
    if path.exists():
        raise ModelFolderError(f"{name}: holds no model; the folder of a run, or one with config.json, is expected")
    on_the_hub = HubModel.parse(name)
    if on_the_hub is None:
        raise ModelFolderError(f"{name}: no such folder")
    folder = on_the_hub.fetch(_FILES)
    if not (folder / "config.json").is_file():
        raise ModelFolderError(f"{name}: holds no model; config.json is missing")
    return folder


def recipe_of_run(model_folder: Path) -> Path:
    """The recipe of the run whose ``model`` folder this is, or that was published with the model.

    Raises:
        ModelFolderError: there is none.
    """
    folder = model_folder.resolve()
    recipe = (folder.parent if folder.name == "model" else folder) / "recipe.yaml"
    if not recipe.exists():
        raise ModelFolderError(
            f"{model_folder}: not the model of a run, so that no recipe tells its data; give --recipe"
        )
    return recipe


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelFolderError(f"{path}: the file cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ModelFolderError(f"{path}: damaged, not JSON ({error})") from None
    if not isinstance(config, dict):
        raise ModelFolderError(f"{path}: damaged; an object is expected, not {type(config).__name__}")
    return config


def _load_tokenizer(folder: Path) -> TaggerTokenizer:
    try:
        return TaggerTokenizer.from_pretrained(folder)
    except (OSError, ValueError, TypeError) as error:
        raise ModelFolderError(f"{folder}: the tokenizer is damaged ({_one_line(error)})") from None


def _load_model(folder: Path, config: Mapping[str, Any]) -> TaggerForTokenClassification:
    """Loads weights, from safetensors alone; none may be missing, for it would be drawn at random."""
    try:
        loaded: Any = MODEL_TYPES[config["model_type"]].tagger.from_pretrained(
            folder, output_loading_info=True, use_safetensors=True
        )
    except SafetensorError as error:
        raise ModelFolderError(
            f"{folder / 'model.safetensors'}: damaged or cut short ({_one_line(error)}); fetch or train it again"
        ) from None
    except RuntimeError as error:
        raise ModelFolderError(f"{folder}: config.json and model.safetensors describe models of other sizes") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelFolderError(f"{folder}: the model cannot be loaded ({_one_line(error)})") from None
    model, report = loaded
    for kind, keys in report.items():
        if keys:
            raise ModelFolderError(
                f"{folder}: model.safetensors has {kind.replace('_', ' ')}: {', '.join(_some(keys))}"
            )
    return model


def _check_vocabulary(folder: Path, model: TaggerForTokenClassification, tokenizer: TaggerTokenizer) -> None:
    for field in ("vocab_size", "char_vocab_size"):
        of_model, of_tokenizer = getattr(model.config, field), getattr(tokenizer, field)
        if of_model != of_tokenizer:
            raise ModelFolderError(
                f"{folder}: the tokenizer is another model's; its {field} is {of_tokenizer}, the model's {of_model}"
            )
    told, read = tuple(tokenizer.word_features), tuple(model.config.word_features)
    if told != read:
        raise ModelFolderError(
            f"{folder}: the tokenizer is another model's; it tells {listed(told)} of words, the model reads "
            f"{listed(read)}"
        )


def _some(keys: Any) -> list[str]:
    names = sorted(map(str, keys))
    return names if len(names) <= 3 else [*names[:3], f"and {len(names) - 3} more"]  # noqa: PLR2004


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
