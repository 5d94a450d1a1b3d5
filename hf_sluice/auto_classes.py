"""Registration with the Auto classes of transformers, put off until these are loaded.

``import hf_sluice`` alone has to make ``AutoModel.from_pretrained(folder)`` work, yet must not make every command wait:
loading any of the Auto classes takes torch along. Measured with a warm disk, in seconds: ``import hf_sluice`` 0.01,
``from transformers import AutoConfig`` 1.2, the registration of everything 2.3. So nothing is loaded here. When
transformers itself loads one of the modules that hold its Auto classes, the matching function of
:mod:`hf_sluice.models.registration` runs right after it; modules that are there already are served at once.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from hf_sluice.models.registration import (
    register_configurations,
    register_models,
    register_pipelines,
    register_tokenizers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_REGISTRATIONS: Mapping[str, Callable[[], None]] = {
    "transformers.models.auto.configuration_auto": register_configurations,
    "transformers.models.auto.modeling_auto": register_models,
    "transformers.models.auto.tokenization_auto": register_tokenizers,
    "transformers.pipelines": register_pipelines,
}


class _LoaderWithSequel(Loader):
    """Loads a module as ``loader`` does, then calls ``sequel``, once per load."""

    def __init__(self, loader: Loader, sequel: Callable[[], None]) -> None:
        self._loader = loader
        self._sequel = sequel

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader  # tracebacks and inspect ask it for the source
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._sequel()


class _PostImportFinder(MetaPathFinder):
    """Finds the modules named in ``sequels`` where they are, and attaches what is to follow their loading (PEP 369)."""

    def __init__(self, sequels: Mapping[str, Callable[[], None]]) -> None:
        self._sequels = sequels

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._sequels:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LoaderWithSequel(spec.loader, self._sequels[fullname])
        return spec


def register_when_loaded() -> None:
    """Registers with the Auto classes that are loaded, and sees to it that the others follow when they are."""
    sys.meta_path.insert(0, _PostImportFinder(_REGISTRATIONS))
    for module, register in _REGISTRATIONS.items():
        if module in sys.modules:
            register()
