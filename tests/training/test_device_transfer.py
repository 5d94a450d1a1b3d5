import pytest
import torch

from hf_sluice.training.device_transfer import on_device

CPU = torch.device("cpu")


def test_what_is_there_already_is_not_copied():
    value = torch.arange(6).view(2, 3)
    assert on_device(value, CPU) is value


class Spy:
    """Stands in for a tensor: a GPU may not be at hand."""

    def __init__(self):
        self.calls = []

    def pin_memory(self):
        self.calls.append("pin_memory")
        return self

    def to(self, device, *, non_blocking=False):
        self.calls.append((device.type, non_blocking))
        return self


def test_nothing_waits_for_a_copy_to_a_gpu():
    value = Spy()
    on_device(value, torch.device("cuda", 0))
    assert value.calls == ["pin_memory", ("cuda", True)]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_copy_on_a_gpu_is_the_same():
    value = torch.arange(6).view(2, 3)
    assert torch.equal(on_device(value, torch.device("cuda")).cpu(), value)
