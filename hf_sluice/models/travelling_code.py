"""The code that travels with a model: with it beside the weights, transformers loads them without this package."""

from __future__ import annotations

import inspect
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers.dynamic_module_utils import get_relative_import_files

from .hub_errors import HubError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from transformers import PreTrainedModel

    # transformers finds what a module needs by regular expressions. With these lines, whatever is loaded from a
    # repository brings the rest along, so that it can be pushed again.
    from .pipeline_multitask import MultiTaskTaggingPipeline  # noqa: F401
    from .tokenization_tagger import TaggerTokenizer  # noqa: F401

HOME = Path(__file__).parent
_TOKENIZER = "tokenization_tagger.TaggerTokenizer"
_PIPELINE = "pipeline_multitask.MultiTaskTaggingPipeline"
_TAGGER = "AutoModelForTokenClassification"
_PIPELINES = {"multitask-token-classification": {"impl": _PIPELINE, "pt": [_TAGGER]}}
_OF_ONE_LOADING = ("is_local", "local_files_only", "name_or_path", "_name_or_path")  # transformers keeps them
_CONFIG_FILE, _TOKENIZER_FILE = "config.json", "tokenizer_config.json"


def add_code(folder: Path, model: PreTrainedModel | None) -> None:
    """Makes a folder of ``save_pretrained`` one that loads with ``trust_remote_code=True`` alone.

    Copies the modules that models, tokenizer and pipeline need, and names their classes in the configurations; modules
    that ``save_pretrained`` put there itself are replaced.

    Args:
        folder: holds a model, a tokenizer or both.
        model: the model that was saved there; None for a tokenizer alone.

    Raises:
        HubError: a module is missing.
    """
    for old in folder.glob("*.py"):
        old.unlink()
    classes = {} if model is None else classes_of(model)
    if model is not None:
        pipelines = {"custom_pipelines": _PIPELINES} if _TAGGER in classes else {}
        _change(folder / _CONFIG_FILE, {"auto_map": classes, **pipelines})
    if (folder / _TOKENIZER_FILE).exists():
        _change(folder / _TOKENIZER_FILE, {"auto_map": {"AutoTokenizer": [_TOKENIZER, None]}})
    for path in code_files(reference.partition(".")[0] for reference in (*classes.values(), _TOKENIZER, _PIPELINE)):
        shutil.copyfile(path, folder / path.name)


def classes_of(model: PreTrainedModel) -> dict[str, str]:
    """What each Auto class makes of a repository with this model, as ``module.Class``."""
    base = getattr(model, model.base_model_prefix, model)
    found = {"AutoConfig": _reference(type(model.config)), "AutoModel": _reference(type(base))}
    return found if base is model else {**found, _TAGGER: _reference(type(model))}


def code_files(modules: Iterable[str]) -> list[Path]:
    """The files of some modules of this folder, and of all that these import from it, in alphabetical order.

    Raises:
        HubError: one is missing.
    """
    found: set[Path] = set()
    for module in modules:
        path = HOME / f"{module}.py"
        try:
            found |= {path, *map(Path, get_relative_import_files(path))}
        except OSError as error:
            raise HubError(f"{error.filename}: the code of {module} is not complete") from None
    return sorted(found)


def _reference(of: type) -> str:
    # A class that transformers made on the spot, or a user's own, has its name in another module.
    module = inspect.getmodule(of)
    if module is None or not (HOME / Path(str(module.__file__)).name).exists():
        raise HubError(f"{of.__name__}: its code is none of hf_sluice's and cannot travel with the model")
    return f"{of.__module__.rpartition('.')[2]}.{of.__name__}"


def _change(path: Path, values: Mapping[str, Any]) -> None:
    before = json.loads(path.read_text(encoding="utf-8"))
    for field in _OF_ONE_LOADING:
        before.pop(field, None)
    path.write_text(json.dumps({**before, **values}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
