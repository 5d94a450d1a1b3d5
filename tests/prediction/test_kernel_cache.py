from __future__ import annotations

import os

from hf_sluice.prediction.kernel_cache import keep_few_kernels

CAPACITY = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"


def test_few_are_kept_unless_the_environment_says_how_many(monkeypatch):
    monkeypatch.setenv(CAPACITY, "7")  # so that it is put back
    keep_few_kernels()
    assert os.environ[CAPACITY] == "7"

    monkeypatch.delenv(CAPACITY)
    keep_few_kernels()
    assert 0 < int(os.environ[CAPACITY]) < 1024
