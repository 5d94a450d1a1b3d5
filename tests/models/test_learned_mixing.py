import numpy as np
import pytest

from hf_sluice.models.learned_mixing import LearnedMixing


def mixing(**values):
    defaults = {
        "sharing": "sluice", "num_subspaces": 2, "layer_connection": "mixture", "task_networks": (0, 1),
        "task_layers": None, "alpha": np.zeros((3, 4, 4), np.float32), "beta": np.zeros((2, 3), np.float32),
    }  # fmt: skip
    return LearnedMixing(**{**defaults, **values})


def test_sizes_follow_from_alpha():
    found = mixing()
    assert (found.num_layers, found.num_networks, found.has_network_per_task) == (3, 2, True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"sharing": "fixed"}, True),
        ({"sharing": "fixed", "task_networks": (1, 0)}, False),
        ({"sharing": "fixed", "task_networks": (0, 0)}, False),
        ({"sharing": "hard_sharing", "task_networks": (0, 0), "alpha": np.zeros((3, 2, 2))}, False),
        ({"sharing": "fixed", "task_networks": (0,), "beta": np.zeros((1, 3))}, False),
    ],
)
def test_a_network_per_task_is_told_from_others(values, expected):
    assert mixing(**values).has_network_per_task == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sharing": "sluise"}, "sharing 'sluise' is none of sluice, "),
        ({"alpha": np.zeros((3, 4, 2))}, "alpha should be"),
        ({"alpha": np.zeros((3, 3, 3))}, "alpha should be"),
        ({"beta": np.zeros((3, 2))}, r"beta should be \(2, 3\), tasks by layers"),
        ({"alpha": np.full((3, 4, 4), np.nan)}, "alpha holds a value that is not finite"),
        ({"beta": np.full((2, 3), np.inf)}, "beta holds a value that is not finite"),
        ({"task_networks": (0, 2)}, "task_networks: each should be a network from 1 to 2"),
        ({"task_networks": (0, -1)}, "task_networks: each should be"),
        ({"task_networks": (1, 0)}, "sharing 'sluice' has a network for each task, in their order"),
        ({"sharing": "hard_sharing", "task_networks": (0, 0)}, "has one network, but alpha is of 2"),
        ({"task_layers": {"a": 1, "b": 2}}, "task_layers: does not go with sharing 'sluice'"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        mixing(**values)
