from __future__ import annotations

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from hf_sluice.freed_memory import keep_freed_memory

def faults_of_a_step():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [np.ones(2**17) for _ in range(32)]  # a megabyte each
    del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

kept = keep_freed_memory()
faults_of_a_step()
print(kept, faults_of_a_step())
"""


def run(**environment: str) -> tuple[bool, int]:
    done = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True, env=environment)
    kept, faults = done.stdout.split()
    return kept == "True", int(faults)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is the C library's affair")
def test_memory_is_asked_for_once() -> None:
    kept, faults = run()
    if not kept:
        pytest.skip("another C library")
    assert faults < 100
    assert run(MALLOC_TRIM_THRESHOLD_="131072", MALLOC_MMAP_THRESHOLD_="131072")[1] > 100


def test_what_the_environment_says_goes_first() -> None:
    assert run(MALLOC_TRIM_THRESHOLD_="131072")[0] is False
