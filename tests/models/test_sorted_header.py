import itertools

import torch
from safetensors import safe_open
from safetensors.torch import load, save

from hf_sluice.models.sorted_header import with_sorted_header

TENSORS = {"b": torch.arange(6, dtype=torch.uint8).view(2, 3), "a/ü": torch.tensor([1.5])}
METADATA = {"format": "f", "version": "1", "tasks": '["pos", "ner"]', "note": "ü"}


def test_the_order_of_the_metadata_leaves_no_trace():
    orders = itertools.permutations(METADATA.items())
    assert len({with_sorted_header(save(TENSORS, dict(order))) for order in orders}) == 1


def test_nothing_else_changes(tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(with_sorted_header(save(TENSORS, METADATA)))
    loaded = load(path.read_bytes())
    assert loaded.keys() == TENSORS.keys()
    assert all(torch.equal(loaded[name], tensor) for name, tensor in TENSORS.items())
    with safe_open(path, framework="pt") as file:
        assert file.metadata() == METADATA
