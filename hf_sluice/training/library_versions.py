"""The versions of the libraries that a run's numbers rest on."""

from __future__ import annotations

import platform
from importlib.metadata import version

from hf_sluice.version import __version__

_LIBRARIES = ("torch", "transformers", "tokenizers", "datasets", "accelerate", "safetensors", "huggingface_hub",
              "numpy")  # fmt: skip


def library_versions() -> dict[str, str]:
    """Version by name: this package, Python, and the libraries that take part in training and saving."""
    return {
        "hf_sluice": __version__,
        "python": platform.python_version(),
        **{library: version(library) for library in _LIBRARIES},
    }
