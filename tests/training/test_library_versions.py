from __future__ import annotations

import platform
from importlib import import_module

from hf_sluice.training.library_versions import library_versions


def test_they_are_what_the_modules_say_of_themselves():
    versions = library_versions()

    assert versions.pop("python") == platform.python_version()
    assert versions == {name: import_module(name).__version__ for name in versions}


def test_all_that_saves_and_trains_is_there():
    needed = {"hf_sluice", "torch", "transformers", "tokenizers", "datasets", "accelerate", "safetensors", "numpy"}

    assert needed <= library_versions().keys()
