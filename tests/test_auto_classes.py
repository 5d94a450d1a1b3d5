from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hf_sluice.auto_classes import _PostImportFinder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What must hold whatever was imported first.
KNOWN = """
from transformers import AutoConfig, AutoModel, AutoModelForTokenClassification, AutoTokenizer
from transformers.models.auto.tokenization_auto import TOKENIZER_MAPPING
from transformers.pipelines import PIPELINE_REGISTRY
from hf_sluice import (
    MultiTaskTaggingPipeline, SluiceConfig, SluiceForTokenClassification, SluiceModel, TaggerTokenizer
)
assert type(AutoConfig.for_model("sluice")) is SluiceConfig
assert AutoModel._model_mapping[SluiceConfig] is SluiceModel
assert AutoModelForTokenClassification._model_mapping[SluiceConfig] is SluiceForTokenClassification
assert TOKENIZER_MAPPING[SluiceConfig] is TaggerTokenizer
assert PIPELINE_REGISTRY.supported_tasks["multitask-token-classification"]["impl"] is MultiTaskTaggingPipeline
"""
ORDERS = (
    "import hf_sluice; from transformers import AutoConfig",
    "import hf_sluice; from transformers import AutoModel",
    "import hf_sluice; from transformers import AutoTokenizer",
    "from transformers import AutoConfig; import hf_sluice",
    "from transformers import AutoTokenizer, pipeline; import hf_sluice",
    "import hf_sluice.models.modeling_sluice",
    "import hf_sluice.models.tokenization_tagger",
    "import hf_sluice.models.pipeline_multitask",
)
# Each order in a process of its own; what none of them is about is loaded once, before they part.
IN_EVERY_ORDER = """
import os, sys, traceback
import accelerate, datasets, sklearn.metrics, torch._dynamo
assert not {"transformers", "hf_sluice"} & set(sys.modules)
known, *orders = sys.argv[1:]
for first in orders:
    child = os.fork()
    if child == 0:
        try:
            exec(first + known, {})
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit("failed: " + first)
"""


def test_the_auto_classes_know_the_package_whatever_comes_first() -> None:
    command = [sys.executable, "-c", IN_EVERY_ORDER, KNOWN, *ORDERS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def sequels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the watched modules, each added when its sequel is called; ``watched`` is one of them."""
    called: list[str] = []
    (tmp_path / "watched.py").write_text("value = 1\ndef function():\n    return value\n")
    (tmp_path / "unwatched.py").write_text("")
    (tmp_path / "broken.py").write_text("raise ZeroDivisionError\n")
    monkeypatch.syspath_prepend(tmp_path)
    names = ("watched", "broken", "nowhere_to_be_found")
    finder = _PostImportFinder({name: lambda name=name: called.append(name) for name in names})
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield called
    for name in ("watched", "unwatched", "broken"):
        sys.modules.pop(name, None)


def test_the_sequel_follows_the_loading_once(sequels: list[str]) -> None:
    importlib.import_module("unwatched")
    assert sequels == []
    module = importlib.import_module("watched")
    importlib.import_module("watched")
    assert (sequels, module.value) == (["watched"], 1)


@pytest.mark.usefixtures("sequels")
def test_the_module_is_what_it_would_have_been() -> None:
    module, unwatched = importlib.import_module("watched"), importlib.import_module("unwatched")
    assert type(module.__loader__) is type(unwatched.__loader__)
    assert module.__spec__.loader is module.__loader__
    assert inspect.getsource(module.function) == "def function():\n    return value\n"


@pytest.mark.parametrize(("name", "error"), [("broken", ZeroDivisionError), ("nowhere_to_be_found", ImportError)])
def test_no_sequel_where_the_loading_fails(sequels: list[str], name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        importlib.import_module(name)
    assert sequels == []


def test_a_sequel_follows_a_second_attempt(sequels: list[str], tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        importlib.import_module("broken")
    (tmp_path / "broken.py").write_text("mended_value = 2\n")
    importlib.invalidate_caches()
    importlib.import_module("broken")
    assert sequels == ["broken"]
