import os
import subprocess
import sys

import pytest
import torch  # noqa: F401 - it is what it is too late for

from hf_sluice.models.waiting_threads import threads_wait_briefly, wait_briefly

OF_USER = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
COMMAND = """
import os, sys
from hf_sluice.cli import main
main(["--version"])
print(os.environ.get("GOMP_SPINCOUNT"), "torch" in sys.modules)
"""


def of_a_command(**environment):
    others = {name: value for name, value in os.environ.items() if name not in OF_USER}
    found = subprocess.run(
        [sys.executable, "-c", COMMAND], env=others | environment, capture_output=True, text=True, check=True
    )
    return found.stdout.splitlines()[-1]


def test_a_command_says_how_to_wait_before_torch_asks():
    assert of_a_command() == "1000 False"


@pytest.mark.parametrize(
    ("environment", "turns"), [({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "active"}, "None")]
)
def test_what_the_user_has_set_stays(environment, turns):
    assert of_a_command(**environment).split()[0] == turns


def test_once_torch_is_loaded_it_is_too_late(monkeypatch):
    for name in OF_USER:
        monkeypatch.delenv(name, raising=False)
    assert "torch" in sys.modules
    assert not wait_briefly()
    assert "GOMP_SPINCOUNT" not in os.environ


@pytest.mark.parametrize(
    ("turns", "policy", "briefly"),
    [
        (None, None, False),
        ("1000", None, True),
        ("300000", None, False),
        ("infinity", None, False),
        (None, "passive", True),
        (None, "ACTIVE", False),
        ("1000", "active", True),
        ("300000", "passive", False),
    ],
)
def test_it_is_read_from_the_environment(monkeypatch, turns, policy, briefly):
    for name, value in zip(OF_USER, (turns, policy), strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert threads_wait_briefly() is briefly
