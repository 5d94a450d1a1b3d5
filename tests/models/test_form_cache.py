from __future__ import annotations

import pytest
import torch

from hf_sluice.models.form_cache import FormCache
from tests.models.tiny_sluice import tiny_batch, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

WIDTH = 3
NO_MASKS = ({},)


class Encoder:
    """Encodes a form as a row that only it has, and counts."""

    def __init__(self):
        self.asked = []

    def __call__(self, char_ids_UC):
        self.asked.append(len(char_ids_UC))
        return (char_ids_UC * torch.tensor([1, 10, 100, 1000])[: char_ids_UC.shape[1]]).sum(
            1, keepdim=True
        ).float() + torch.zeros(WIDTH)


@pytest.fixture
def encoder():
    return Encoder()


def forms(*rows):
    width = max(map(len, rows))
    return torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])


def room_for(number):
    return FormCache(number * WIDTH * 4)


def test_what_is_known_is_not_encoded_again(encoder):
    cache = FormCache()
    first = cache.encode(forms([1, 2], [3]), NO_MASKS, encoder)
    again = cache.encode(forms([3], [4, 5, 6], [1, 2]), NO_MASKS, encoder)  # with more padding

    assert encoder.asked == [2, 1]
    assert torch.equal(first, encoder(forms([1, 2], [3])))
    assert torch.equal(again, encoder(forms([3], [4, 5, 6], [1, 2])))


def test_forms_that_differ_late_or_in_large_ids_are_told_apart(encoder):
    batches = [forms([1], [1, 1], [256], [1, 256], [256, 1], [1, 1, 1]), forms([65536], [2], [2, 256], [512])]
    cache = FormCache()
    for batch in [*batches, *batches]:
        assert torch.equal(cache.encode(batch, NO_MASKS, encoder), encoder(batch))


@pytest.mark.parametrize("room", [1, 2, 3, 5])
def test_a_full_cache_forgets_and_gives_the_same(encoder, room):
    cache = room_for(room)
    for start in range(12):
        batch = forms(*([i % 7 + 1] for i in range(start, start + 1 + start % 4)))
        assert torch.equal(cache.encode(batch, NO_MASKS, encoder), encoder(batch))
        assert len(cache._rows) <= room


def test_other_masks_make_all_forgotten(encoder):
    cache, one, other = FormCache(), {"weight": torch.ones(1)}, {"weight": torch.ones(1)}
    for masks in ((one,), (one,), (other,), (other, one), (other,)):
        cache.encode(forms([1]), masks, encoder)

    assert encoder.asked == [1] * 4


@pytest.mark.parametrize("char_encoder", ["bilstm", "cnn", "none"])
@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_a_model_gives_the_same_bit_for_bit(make, char_encoder):
    model, batch = make(3, dtype=torch.float32, char_encoder=char_encoder), tiny_batch()
    choices = (None, ["task1"], ["task2", "task0"], None)
    with torch.no_grad():
        expected = [model(**batch, tasks=tasks).logits for tasks in choices]
        model.base.words.form_cache = FormCache()
        for tasks, of_choice in zip(choices, expected, strict=True):
            for _ in range(2):  # filled, then used
                found = model(**batch, tasks=tasks).logits
                assert all(torch.equal(found[name], logits) for name, logits in of_choice.items())


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_what_is_in_the_cache_is_used_without_gradients_alone(make):
    model, batch = make(2, dtype=torch.float32, char_encoder="cnn"), tiny_batch()
    model.base.words.form_cache = FormCache()
    with torch.no_grad():
        model(**batch)
        model.base.words.form_cache._table.zero_()
        emptied = model(**batch).logits["task0"]
        complete = model.train()(**batch).logits["task0"]
    model.eval()(**batch).logits["task0"].sum().backward()

    assert not torch.allclose(emptied, complete)
    assert model.base.words.characters.weight.grad.abs().sum() > 0
