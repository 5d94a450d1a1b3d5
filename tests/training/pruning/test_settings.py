from __future__ import annotations

import pytest

from hf_sluice.training.pruning.choice import Choice
from hf_sluice.training.pruning.settings import MaskSettings


def test_by_default_they_are_the_papers():
    settings = MaskSettings()

    assert (settings.method, settings.scope, settings.choice) == ("magnitude", "global", "best")
    assert (settings.pruning_rate, settings.final_sparsity) == (0.1, 0.1)


@pytest.mark.parametrize(
    ("method", "warmup_epochs", "needs_search", "needs_training"),
    [
        ("magnitude", 0, True, True), ("scores", 0, True, True), ("random", 0, True, True),
        ("all", 0, False, False), ("layers", 0, False, False), ("all", 1, False, True), ("layers", 1, False, True),
    ],
)  # fmt: skip
def test_what_is_trained_first(method, warmup_epochs, needs_search, needs_training):
    settings = MaskSettings(method=method, warmup_epochs=warmup_epochs)

    assert (settings.needs_search, settings.needs_training) == (needs_search, needs_training)


def test_the_choice_of_a_task():
    settings = MaskSettings(choice={"pos": {"round": 3}})

    assert settings.choice_of("pos") == Choice("round", 3)
    assert settings.choice_of("ner") == Choice()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"method": "magnitud"}, "method 'magnitud' is none of magnitude, scores, random, all, layers"),
        ({"scope": "network"}, "scope 'network' is none of global, layer"),
        ({"pruning_rate": 0.0}, "pruning_rate 0.0 should lie between 0 and 1"),
        ({"pruning_rate": 1.0}, "pruning_rate 1.0 should lie between 0 and 1"),
        ({"final_sparsity": float("nan")}, "final_sparsity nan should lie between 0 and 1"),
        ({"pruning_rate": 0.005}, "pruning_rate 0.005 takes 460 rounds to final_sparsity 0.1; at most 255 are kept"),
        ({"epochs": 0}, "epochs 0 should be at least 1"),
        ({"warmup_epochs": -1}, "warmup_epochs -1 should be at least 0"),
        ({"search_tasks": []}, "search_tasks should not be empty"),
        ({"choice": "first"}, "choice should be best"),
        ({"task_layers": {"pos": 1}}, "task_layers is for method layers, not for magnitude"),
    ],
)
def test_values_out_of_range_are_named(values, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        MaskSettings(**values)
