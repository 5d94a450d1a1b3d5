from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.training.settings import TrainingSettings
from hf_sluice.training.word_dropout import make_word_dropout
from tests.training.tiny_training import demo, new_trainer

# Words 3 and 4 come once and three times; the symbols before them are padding, the unknown word and numbers.
WORD_IDS = np.array([3, 4, 4, 4, 2, 2, 1])
CPU = torch.device("cpu")


def dropped(input_ids, seed=0, **settings):
    pieces = [{"input_ids": input_ids}]
    make_word_dropout(TrainingSettings(**settings), WORD_IDS, CPU).apply(pieces, seed)
    return pieces[0]["input_ids"]


@pytest.mark.parametrize(
    ("settings", "once", "thrice"),
    [({"word_dropout": 0.3}, 0.3, 0.3), ({"word_dropout_alpha": 0.5}, 0.5 / 1.5, 0.5 / 3.5)],
    ids=["every word", "rare words"],
)
def test_words_are_replaced_as_often_as_the_settings_want(settings, once, thrice):
    words = torch.tensor([3, 4]).repeat(20_000, 1)
    found = dropped(words, **settings)

    assert ((found == 1) | (found == words)).all()
    assert (found == 1).double().mean(0).tolist() == pytest.approx([once, thrice], abs=0.015)


def test_symbols_stay():
    symbols = torch.tensor([[0, 1, 2]]).repeat(1000, 1)

    assert torch.equal(dropped(symbols, word_dropout=0.99), symbols)


def test_without_a_share_nothing_is_replaced():
    assert make_word_dropout(TrainingSettings(), WORD_IDS, CPU) is None


def test_what_is_replaced_is_a_function_of_the_seed():
    words = torch.full((50, 4), 3)
    first, again, other = (dropped(words, seed, word_dropout=0.5) for seed in (0, 0, 1))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("pieces", [None, 3])
def test_a_step_trains_the_unknown_word_and_evaluation_does_not_see_it(tmp_path, pieces):
    trainer = new_trainer(demo(train=16), tmp_path, word_dropout=0.9, micro_batch_size=pieces)
    words = trainer.model.base.words.embedding
    seen = []
    words.register_forward_hook(lambda _, inputs, __: seen.append((words.training, inputs[0] == 1)))
    trainer._train_step(trainer.planner.epoch(0)[0])
    assert sum(int(unknown.sum()) for _, unknown in seen) > 10
    assert words.weight.grad is None or not words.weight.grad.any()  # the step is over

    seen.clear()
    trainer.evaluate("train")
    assert not any(unknown.any() for _, unknown in seen)
