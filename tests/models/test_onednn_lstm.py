import pytest
import torch

from hf_sluice.models import side_by_side
from hf_sluice.models.fused_lstm import fused_lstm
from hf_sluice.models.onednn_lstm import has_onednn_lstm
from hf_sluice.models.time_reversal import TimeReversal
from tests.models.recurrence_cases import CASES, is_word, problem_of

pytestmark = pytest.mark.skipif(
    not has_onednn_lstm(torch.ones(1), torch.float32), reason="this torch has no kernels of oneDNN"
)


def outputs_and_gradients(case, inputs_at_padding=100.0):
    problem = problem_of(case, torch.float32)
    inputs = [x.detach().masked_fill(~is_word(case), inputs_at_padding).requires_grad_() for x in problem.inputs]
    reversal = TimeReversal(torch.tensor(case.lengths), case.steps)
    states = torch.stack(fused_lstm(inputs, reversal, problem.weights, case.order))
    # Whatever gradient comes at padding: none may get through.
    gradient = problem.gradient.masked_fill(~is_word(case), 7.0)
    return states.detach(), *torch.autograd.grad(states, [*inputs, *problem.weights], gradient)


RAGGED = [name for name, case in CASES.items() if set(case.lengths) != {case.steps}]


@pytest.mark.parametrize("name", RAGGED)
def test_states_and_gradients_at_padding_are_0_whatever_stands_there(name):
    case = CASES[name]
    states, *gradients = outputs_and_gradients(case)
    assert not (states * ~is_word(case)).any()
    for gradient in gradients[:-3]:
        assert not (gradient * ~is_word(case)).any()
    for got, other in zip([states, *gradients], outputs_and_gradients(case, -1e6), strict=True):
        assert torch.equal(got, other)


@pytest.mark.parametrize("name", CASES)
def test_without_these_kernels_the_numbers_are_the_same(name, monkeypatch):
    case = CASES[name]
    states, *gradients = outputs_and_gradients(case)
    monkeypatch.setattr("hf_sluice.models.fused_lstm.has_onednn_lstm", lambda *_: False)
    problem = problem_of(case, torch.float32)
    reversal = TimeReversal(torch.tensor(case.lengths), case.steps)
    expected = torch.stack(fused_lstm(problem.inputs, reversal, problem.weights, case.order))
    torch.testing.assert_close(states, expected.detach() * is_word(case), rtol=0, atol=2e-6)
    right = torch.autograd.grad(expected, [*problem.inputs, *problem.weights], problem.gradient)
    for got, other in zip(gradients, right, strict=True):
        torch.testing.assert_close(got, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_threads_change_no_bit(dtype, monkeypatch):
    if not has_onednn_lstm(torch.ones(1), dtype):
        pytest.skip("no kernels for bfloat16")
    monkeypatch.setattr(side_by_side, "_WORTH", 1)
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            problem = problem_of(CASES["ragged, own inputs"], dtype)
            reversal = TimeReversal(torch.tensor([1, 3]), 3)
            states = torch.stack(fused_lstm(problem.inputs, reversal, problem.weights, (0, 1, 2)))
            found.append([states, *torch.autograd.grad(states, [*problem.inputs, *problem.weights], problem.gradient)])
    finally:
        torch.set_num_threads(before)
    for one, other in zip(*found, strict=True):
        assert torch.equal(one, other)


def test_parameters_in_half_precision_get_gradients_of_their_own_kind():
    if not has_onednn_lstm(torch.ones(1), torch.bfloat16):
        pytest.skip("no kernels for bfloat16")
    problem = problem_of(CASES["one sentence"], torch.bfloat16)
    states = fused_lstm(problem.inputs, TimeReversal(torch.tensor([4]), 4), problem.weights, (0, 1))
    gradients = torch.autograd.grad(torch.stack(states), [*problem.inputs, *problem.weights], problem.gradient)
    assert {gradient.dtype for gradient in gradients} == {torch.bfloat16}


def test_the_gradient_of_the_gradient_is_refused():
    problem = problem_of(CASES["one sentence"], torch.float32)
    (states, _) = fused_lstm(problem.inputs, TimeReversal(torch.tensor([4]), 4), problem.weights, (0, 1))
    with pytest.raises(RuntimeError, match=r"^LSTM: the gradient of its gradient is not known"):
        torch.autograd.grad(states.sum(), problem.inputs, create_graph=True)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
def test_other_numbers_are_left_to_torch(dtype):
    assert not has_onednn_lstm(torch.ones(1), dtype)


def test_no_sentence_is_left_to_torch():
    assert not has_onednn_lstm(torch.ones(3, 0, 2), torch.float32)
