from __future__ import annotations

import pytest
import torch

from hf_sluice.hub.cards.mixing_words import mixing_words
from hf_sluice.tasks import Task
from tests.hub.cards.small_records import TOKENIZER
from tests.training.tiny_training import new_model

TASKS = tuple(Task(name, ("X", "Y")) for name in ("one", "two", "three"))


def model_of(number=3, *, alpha=None, beta=None, **values):
    """A model with these α between tasks (of one subspace, in all layers) and β."""
    init = {} if alpha is None else {"alpha_init": alpha}
    model = new_model(TOKENIZER, TASKS[:number], **{"num_subspaces": 1, **init, **values})
    if beta is not None:
        with torch.no_grad():
            model.sluice.beta_weights.free.copy_(torch.tensor(beta).flatten())
    return model


def test_the_strongest_links_are_named():
    alpha = [[0.2, 0.7, 0.1], [0.25, 0.5, 0.25], [0.0, 0.1, 0.9]]
    words = " ".join(mixing_words(model_of(alpha=alpha)))

    assert (
        "The network of one draws most from the others, 80 % of all that it draws, that of three least, 10 % (sums of "
        "|α| over all layers; 67 % if all weighed the same). Between different tasks the strongest link is one drawing "
        "from two (70 %), the weakest three from one (0 %)."
    ) in words


def test_what_differs_by_little_is_not_told_apart():
    words = " ".join(mixing_words(model_of(alpha="balanced")))

    assert words.startswith("Every network draws about as much from the others, 67 % of all that it draws")
    assert "strongest" not in words


def test_of_two_tasks_there_is_no_talk_of_strongest_links():
    words = " ".join(mixing_words(model_of(2, alpha=[[0.2, 0.8], [0.1, 0.9]])))

    assert "The network of one draws most" in words
    assert "strongest" not in words


def test_it_is_said_how_far_alpha_moved():
    model = model_of(alpha=[[0.5] * 3] * 3)
    assert "All 18 entries of α were learned. They moved by 0.00 on average" in " ".join(mixing_words(model))

    with torch.no_grad():
        model.sluice.alpha_weights.free += 0.25
    assert "moved by 0.25 on average from where they began (their mean size there: 0.50)" in " ".join(
        mixing_words(model)
    )


@pytest.mark.parametrize(
    ("beta", "layers", "first"),
    [
        (
            [[0.1, 0.9], [0.9, 0.1], [0.2, 0.3]],
            "two reads layer 1, one and three read layer 2",
            "two (0.90), least for one",
        ),
        ([[0.1, 0.9], [0.1, 0.8], [0.15, 0.3]], "all tasks read layer 2", None),
        ([[0.1, -0.9], [0.2, 0.8], [0.6, 0.9]], "all tasks read layer 2", "three (0.60), least for one (0.10)"),
    ],
)
def test_beta_tells_which_layer_a_task_reads_most(beta, layers, first):
    words = " ".join(mixing_words(model_of(beta=beta)))

    assert f"By β, {layers} with the largest weight." in words
    assert first is None or f"The first layer weighs most for {first}" in words
    assert ("The first layer weighs" in words) == (first is not None)


@pytest.mark.parametrize(
    ("sharing", "values", "words"),
    [
        ("hard_sharing", {}, "All tasks run through one network: what they share is given, not learned."),
        ("constant_alpha", {"num_subspaces": 2}, "α is given, not learned."),
        ("cross_stitch", {}, "All 18 entries of α were learned."),
        ("cross_stitch", {"num_subspaces": 2}, "36 of the 72 entries of α were learned."),
        ("cross_stitch", {}, "Which layers the tasks read is given, not learned."),
    ],
)
def test_what_is_given_is_not_called_learned(sharing, values, words):
    found = mixing_words(model_of(sharing=sharing, **values))

    assert words in " ".join(found)
    assert ("By β" in " ".join(found)) == (sharing == "constant_alpha")


def test_networks_that_draw_nothing_are_no_error():
    assert mixing_words(model_of(alpha=[[0.0] * 3] * 3))[0].startswith("At least one network draws nothing at all")


def test_one_task_shares_nothing():
    assert mixing_words(model_of(1, sharing="single_task")) == ["There is one task, so there was nothing to share."]


def test_one_layer_leaves_nothing_to_choose():
    assert "β" not in " ".join(mixing_words(model_of(num_layers=1)))


def test_of_values_that_are_no_numbers_nothing_else_is_said():
    model = model_of()
    with torch.no_grad():
        model.sluice.alpha_weights.free[0] = torch.nan

    assert mixing_words(model) == ["α or β hold values that are not finite: its training went astray."]
