"""What may stand in ``architecture.json``, and in which words all else is refused."""

import json
import re

import pytest
import torch

from hf_sluice.models.sharing_architecture import SharingArchitecture
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model


def of_mixing():
    return SharingArchitecture.of_model(tiny_model(3, dtype=torch.float32))


def of_masks():
    return SharingArchitecture.of_model(tiny_sparse_model(3))


def changed(folder, *path, to):
    """Changes one field of a saved architecture."""
    file = folder / "architecture.json"
    values = field = json.loads(file.read_text(encoding="utf-8"))
    for name in path[:-1]:
        field = field[name]
    field[path[-1]] = to
    file.write_text(json.dumps(values), encoding="utf-8")


DAMAGED = [
    (("format",), "other", "no sharing architecture; its format should be 'hf_sluice.architecture', not 'other'"),
    (("version",), 2, "is of version 2 of the format, and this program reads version 1; a later hf_sluice reads it"),
    (("version",), "1", "version should be a whole number, not '1'"),
    (("model_type",), "bert", "model_type 'bert' is none of sluice, sparse_sharing"),
    (("extra",), 1, "'extra' is no field of it; known are format, "),
    (("tasks", 0, "name"), "task1", "tasks: 'task1' stands twice"),
    (("num_layers",), 2, "alpha should be a list of 2, not 3"),
    (("num_layers",), 0, "num_layers should be at least 1, not 0"),
    (("hidden_size",), 7, "hidden_size 7 cannot be cut into num_subspaces 2 equal parts"),
    (("num_subspaces",), 4, r"alpha should be \(layers, units, units\) with units of 4 subspaces"),
    (("num_subspaces",), 1, "task_networks: each|sharing 'sluice' has a network for each task"),
    (("sharing",), ["sluice"], r"sharing \['sluice'\] is none of sluice, "),
    (("sharing",), "hard_sharing", "sharing 'hard_sharing' has one network"),
    (("layer_connection",), "none", "layer_connection 'none' is none of mixture, "),
    (("task_networks", "task0"), 0, "task_networks: 'task0' should be at least 1, not 0"),
    (("task_networks",), {"task0": 1}, "the field task1 is missing"),
    (("task_layers",), {"task0": 1, "task1": 1, "task2": 9}, "task_layers: each should be a layer from 1 to 3"),
    (("alpha",), "x", "alpha should be a list, not 'x'"),
    (("alpha",), [], "alpha should be a list of 3, not 0"),
    (("alpha", 1), [[0.0] * 6] * 5, "alpha should be a list of 6, not 5"),
    (("alpha", 1, 2), [0.0] * 7, "alpha should be a list of 6, not 7"),
    (("alpha", 1, 2, 3), None, "an entry of alpha should be a number, not None"),
    (("alpha", 1, 2, 3), 1e300, "alpha holds a number that is not finite in float32"),
    (("beta", "task0"), [1.0], "beta of 'task0' should be a list of 3, not 1"),
    (("beta",), [[1.0] * 3] * 3, "beta should be an object, not "),
    (("origin",), None, "origin should be an object, not None"),
    (("origin", "model"), 3, "origin: model should be text, not 3"),
    (("origin", "versions"), {"torch": 2}, "origin: versions: 'torch' should be text, not 2"),
]
DAMAGED_MASKS = [
    (("tasks", 0, "name"), "other", "the masks beside it are of the tasks 'task0', 'task1', 'task2'"),
    (("masked_parameters", "layers.0.weight_hh"), [1, 2, 8, 32], "the masks beside it are of other parameters"),
    (("masked_parameters",), [], r"masked_parameters should be an object, not \[\]"),
    (("masks", "sha256"), "0", "the masks beside it are others than those it describes"),
    (("masks", "sparsity", "task0"), 0.9, "masks: what is said of them does not hold for the masks beside it"),
    (("sizes", "char_filters"), 0, "sizes: char_filters should be at least 1, not 0"),
    (("sizes",), {}, "the field word_embedding_size is missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "path", "value", "message"),
    [*((of_mixing, *c) for c in DAMAGED), *((of_masks, *c) for c in DAMAGED_MASKS)],
)
def test_what_is_damaged_is_refused_in_one_line(tmp_path, make, path, value, message):
    make().save(tmp_path)
    changed(tmp_path, *path, to=value)

    with pytest.raises(ValueError, match=f"^{re.escape(str(tmp_path / 'architecture.json'))}: ({message})") as caught:
        SharingArchitecture.load(tmp_path)
    assert "\n" not in str(caught.value)
