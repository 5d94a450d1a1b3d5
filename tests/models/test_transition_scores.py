import torch

from hf_sluice.models.transition_scores import FORBIDDEN, TransitionScores, at_least_single
from hf_sluice.models.transitions import allowed_transitions
from tests.models import reference_chain as reference


def test_what_is_not_allowed_is_forbidden_and_gets_no_gradient():
    allowed = allowed_transitions(["O", "B-X", "I-X"], "IOB2")
    scores = TransitionScores(*(each.requires_grad_() for each in reference.random_scores(3)))
    kept = scores.within(allowed)
    torch.cat([each.flatten() for each in kept]).sum().backward()
    for before, after, where in zip(scores, kept, map(torch.from_numpy, allowed), strict=True):
        assert torch.equal(after[where], before[where])
        assert (after[~where] == FORBIDDEN).all()
        assert torch.equal(before.grad.bool(), where)


def test_forbidden_is_minus_infinity_for_exponentials_and_stays_finite():
    for dtype in (torch.float32, torch.float64):
        forbidden = torch.tensor(FORBIDDEN, dtype=dtype)
        assert (forbidden + 1e20).exp() == 0
        assert torch.isfinite(forbidden * 10_000)


def test_scores_that_prefer_nothing_are_zero():
    emissions = torch.randn(2, 5, 3, dtype=torch.float64)
    scores = TransitionScores.indifferent(emissions)
    assert [each.shape for each in scores] == [(3, 3), (3,), (3,)]
    assert all(each.dtype == torch.float64 and not each.any() for each in scores)


def test_half_precision_becomes_single():
    for dtype, expected in ((torch.bfloat16, torch.float32), (torch.float16, torch.float32),
                            (torch.float32, torch.float32), (torch.float64, torch.float64)):  # fmt: skip
        assert at_least_single(torch.zeros(1, dtype=dtype)).dtype == expected
