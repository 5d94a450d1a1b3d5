from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of the real corpora."""
    root = os.environ.get("HF_SLUICE_DATA")
    if not root:
        pytest.skip("HF_SLUICE_DATA is not set")
    return Path(root)
