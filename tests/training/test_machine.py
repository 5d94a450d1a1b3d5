from __future__ import annotations

import json
import platform

import torch

from hf_sluice.training.machine import _processor, describe_machine


def test_threads_are_those_of_torch_and_a_cpu_is_no_gpu():
    machine = describe_machine(torch.device("cpu"))

    assert set(machine) == {"processor", "threads", "gpu"}
    assert machine["threads"] == torch.get_num_threads()
    assert machine["gpu"] is None
    assert json.loads(json.dumps(machine)) == machine


def test_the_name_of_the_host_is_not_in_it():
    node = platform.node()

    assert not node or node not in str(describe_machine(torch.device("cpu")))


def test_the_processor_is_the_first_that_linux_names(tmp_path):
    information = tmp_path / "cpuinfo"
    information.write_text("processor\t: 0\nmodel name\t: A Processor @ 2 GHz\n\nmodel name\t: Another\n")

    assert _processor(information) == "A Processor @ 2 GHz"


def test_elsewhere_it_is_what_python_knows(tmp_path):
    (tmp_path / "empty").touch()

    assert _processor(tmp_path / "missing") == _processor(tmp_path / "empty") == (platform.processor() or None)
