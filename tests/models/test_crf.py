import copy

import pytest
import torch
import torchcrf
from torch.nn import functional

from hf_sluice.models import log_partition
from hf_sluice.models.crf import LinearChainCrf
from hf_sluice.models.tagging_loss import IGNORED
from hf_sluice.models.transition_scores import FORBIDDEN, TransitionScores
from hf_sluice.models.transitions import allowed_transitions
from hf_sluice.tagging import is_valid
from hf_sluice.tasks import TaggingScheme
from tests.models import reference_chain as reference

BIOES = ["O", "B-X", "I-X", "E-X", "S-X"]


def crf_of(num_labels, allowed=None, seed=0, spread=1.0, dtype=torch.float64):
    crf = LinearChainCrf(num_labels, allowed).to(dtype)
    with torch.no_grad():
        for parameter, value in zip(crf.parameters(), reference.random_scores(num_labels, seed, spread), strict=True):
            parameter.copy_(value)
    return crf


def scores_of(crf):
    return TransitionScores(crf.transitions, crf.start, crf.end)


def random_labels(mask, num_labels, share=1.0, seed=0):
    """Labels for about a share of the tokens."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, num_labels, mask.shape, generator=generator)
    return labels.masked_fill(~mask | (torch.rand(mask.shape, generator=generator) >= share), IGNORED)


def expected_likelihood(emissions_BTL, mask_BT, labels_BT, scores):
    values = [
        reference.log_likelihood(rows[kept].double().numpy(), gold[kept].tolist(), scores)
        for rows, kept, gold in zip(emissions_BTL, mask_BT, labels_BT, strict=True)
    ]
    return torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("num_labels", "lengths"), [(1, (3, 1)), (2, (1,)), (3, (5, 1, 4)), (5, (4, 2))])
def test_likelihood_is_the_share_of_the_sequences_that_agree(num_labels, lengths, seed, share):
    crf = crf_of(num_labels, seed=seed)
    emissions, mask = reference.random_emissions(lengths, num_labels, seed)
    labels = random_labels(mask, num_labels, share, seed)
    expected = expected_likelihood(emissions, mask, labels, scores_of(crf))
    torch.testing.assert_close(crf.log_likelihood(emissions, labels, mask), expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("seed", range(10))
def test_single_precision_is_close(seed):
    crf = crf_of(5, seed=seed, spread=3.0, dtype=torch.float32)
    emissions, mask = reference.random_emissions((5, 4, 1), 5, seed, spread=10.0, dtype=torch.float32)
    labels = random_labels(mask, 5, 0.7, seed)
    expected = expected_likelihood(emissions, mask, labels, scores_of(crf))
    torch.testing.assert_close(crf.log_likelihood(emissions, labels, mask).double(), expected, rtol=1e-5, atol=1e-4)


def test_the_probabilities_of_all_sequences_add_up_to_one():
    crf, (emissions, _) = crf_of(3), reference.random_emissions((4,), 3)
    every = torch.tensor(reference.sequences(3, 4))
    total = crf.log_likelihood(emissions.expand(len(every), -1, -1), every).exp().sum()
    torch.testing.assert_close(total, torch.ones_like(total), rtol=0, atol=1e-10)


def test_allowed_sequences_have_all_the_probability():
    crf, (emissions, _) = crf_of(5, allowed_transitions(BIOES, "BIOES")), reference.random_emissions((4,), 5)
    every = torch.tensor(reference.sequences(5, 4))
    is_allowed = [is_valid([BIOES[i] for i in labels], TaggingScheme.BIOES) for labels in every.tolist()]
    allowed = every[torch.tensor(is_allowed)]
    total = crf.log_likelihood(emissions.expand(len(allowed), -1, -1), allowed).exp().sum()
    torch.testing.assert_close(total, torch.ones_like(total), rtol=0, atol=1e-10)


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_crf_without_transitions_is_a_softmax_per_token(share):
    crf = LinearChainCrf(4).double()
    emissions, mask = reference.random_emissions((5, 2, 1), 4)
    labels = random_labels(mask, 4, share)
    expected = -functional.cross_entropy(emissions.flatten(0, 1), labels.flatten(), reduction="sum")
    torch.testing.assert_close(crf.log_likelihood(emissions, labels, mask).sum(), expected)


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_a_library(seed):
    crf, library = crf_of(7, seed=seed), torchcrf.CRF(7, batch_first=True).double()
    with torch.no_grad():
        library.transitions.copy_(crf.transitions)
        library.start_transitions.copy_(crf.start)
        library.end_transitions.copy_(crf.end)
    emissions, mask = reference.random_emissions((20, 1, 11), 7, seed, spread=3.0)
    emissions = emissions.nan_to_num()
    labels = random_labels(mask, 7, seed=seed)
    ours = crf.log_likelihood(emissions, labels, mask)
    theirs = library(emissions, labels.clamp(min=0), mask=mask, reduction="none")
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)
    ours.sum().backward()
    theirs.sum().backward()
    for one, other in ((crf.transitions, library.transitions), (crf.start, library.start_transitions),
                       (crf.end, library.end_transitions)):  # fmt: skip
        torch.testing.assert_close(one.grad, other.grad, rtol=0, atol=1e-10)
    decoded = crf.decode(emissions, mask)
    assert [row[kept].tolist() for row, kept in zip(decoded, mask, strict=True)] == library.decode(emissions, mask=mask)


@pytest.mark.parametrize("scheme", ["none", "BIOES"])
@pytest.mark.parametrize("share", [1.0, 0.4])
def test_gradients_are_right(scheme, share):
    crf = crf_of(5, allowed_transitions(BIOES, scheme))
    emissions, mask = reference.random_emissions((4, 2, 1), 5)
    emissions = emissions.nan_to_num().requires_grad_()
    labels = random_labels(mask, 5, share)  # of no scheme: some of these sentences are compared with all sequences

    def function(emissions, *_):
        return crf.log_likelihood(emissions, labels, mask)

    assert torch.autograd.gradcheck(function, (emissions, *crf.parameters()))


def test_a_sentence_without_labels_says_nothing():
    crf = crf_of(5, allowed_transitions(BIOES, "BIOES"), dtype=torch.float32)
    emissions, mask = reference.random_emissions((6, 4), 5, dtype=torch.float32)
    emissions = emissions.nan_to_num().requires_grad_()
    labels = torch.full(mask.shape, IGNORED)
    likelihood = crf.log_likelihood(emissions, labels, mask)
    likelihood.sum().backward()
    assert likelihood.tolist() == [0, 0]
    assert not emissions.grad.any()
    assert not any(parameter.grad.any() for parameter in crf.parameters())


def test_an_empty_sentence_says_nothing():
    crf, (emissions, mask) = crf_of(3), reference.random_emissions((4, 0), 3)
    labels = random_labels(mask, 3)
    likelihood = crf.log_likelihood(emissions, labels, mask)
    assert likelihood[1] == 0
    torch.testing.assert_close(likelihood[:1], crf.log_likelihood(emissions[:1], labels[:1]))
    assert not crf.decode(emissions, mask)[1].any()


def test_unlabelled_tokens_within_a_sentence_teach_through_their_neighbours():
    crf, (emissions, _) = crf_of(3), reference.random_emissions((3,), 3)
    emissions.requires_grad_()
    crf.log_likelihood(emissions, torch.tensor([[0, IGNORED, 2]])).sum().backward()
    assert emissions.grad.any(-1).all()


def test_what_stands_in_padding_and_other_sentences_change_nothing():
    crf = crf_of(4, dtype=torch.float32)
    emissions, mask = reference.random_emissions((3, 6, 1), 4, dtype=torch.float32)
    labels = random_labels(mask, 4)
    likelihood, decoded = crf.log_likelihood(emissions, labels, mask), crf.decode(emissions, mask)
    labelled_padding = labels.masked_fill(~mask, 99)
    torch.testing.assert_close(crf.log_likelihood(emissions.nan_to_num(7.0), labelled_padding, mask), likelihood)
    for row, length in enumerate(mask.sum(1).tolist()):
        alone = emissions[row : row + 1, :length]
        torch.testing.assert_close(
            crf.log_likelihood(alone, labels[row : row + 1, :length])[0], likelihood[row], rtol=1e-5, atol=1e-5
        )
        assert torch.equal(crf.decode(alone)[0], decoded[row, :length])


def test_forbidden_transitions_are_neither_learned_nor_predicted():
    allowed = allowed_transitions(BIOES, "BIOES")
    crf = crf_of(5, allowed, spread=30.0)
    emissions, mask = reference.random_emissions((8, 3, 1) * 20, 5)
    decoded = crf.decode(emissions, mask)
    for row, kept in zip(decoded, mask, strict=True):
        assert is_valid([BIOES[i] for i in row[kept].tolist()], TaggingScheme.BIOES)
    crf.log_likelihood(emissions, decoded.masked_fill(~mask, IGNORED), mask).sum().backward()
    for parameter, where in zip(crf.parameters(), allowed, strict=True):
        assert not parameter.grad[~torch.from_numpy(where)].any()
        assert parameter.grad[torch.from_numpy(where)].any()


def test_well_formed_labels_need_no_more_than_products(monkeypatch):
    """Which are several times faster; the transitions that the scheme forbids do not count as too small."""
    crf = crf_of(5, allowed_transitions(BIOES, "BIOES"), spread=3.0, dtype=torch.float32)
    emissions, mask = reference.random_emissions((20, 3, 1, 11), 5, spread=5.0, dtype=torch.float32)
    labels = crf.decode(emissions, mask).masked_fill(~mask, IGNORED)
    monkeypatch.delattr(log_partition, "_by_logarithms")
    assert (crf.log_likelihood(emissions, labels, mask) > FORBIDDEN / 2).all()


def test_labels_that_are_not_allowed_are_compared_with_all_sequences():
    allowed = allowed_transitions(BIOES, "BIOES")
    crf = crf_of(5, allowed)
    free = copy.deepcopy(crf)
    free._allowed = None
    emissions, mask = reference.random_emissions((3, 3, 3, 3), 5)
    well_formed, ill_formed = [1, 2, 3], [1, 0, 0]
    impossible_between, fits = [1, IGNORED, 0], [1, IGNORED, 3]
    labels = torch.tensor([well_formed, ill_formed, impossible_between, fits])
    emissions[2, 1, 3] = -1e30  # nothing but E-X could stand there
    likelihood, of_all = crf.log_likelihood(emissions, labels, mask), free.log_likelihood(emissions, labels, mask)
    torch.testing.assert_close(likelihood[[1, 2]], of_all[[1, 2]], rtol=0, atol=1e-10)
    within = expected_likelihood(emissions, mask, labels, scores_of(crf).within(allowed))
    torch.testing.assert_close(likelihood[[0, 3]], within[[0, 3]], rtol=0, atol=1e-10)
    assert (likelihood[[0, 3]] > of_all[[0, 3]]).all()


@pytest.mark.parametrize("allowed", [None, allowed_transitions(BIOES, "BIOES")], ids=["all", "BIOES"])
def test_very_bad_transitions_stay_finite_and_exact_in_single_precision(allowed):
    crf = crf_of(5, allowed, dtype=torch.float32)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        crf.transitions.masked_fill_(torch.rand(5, 5, generator=generator) < 0.5, -1e4)
        crf.start.fill_(-1e4)
    emissions, mask = reference.random_emissions((5, 4, 5, 1), 5, dtype=torch.float32)
    emissions = emissions.nan_to_num().requires_grad_()
    labels = random_labels(mask, 5, 0.8)
    likelihood = crf.log_likelihood(emissions, labels, mask)
    likelihood.sum().backward()
    assert (likelihood < -5000).any()
    if allowed is None:
        expected = expected_likelihood(emissions.detach(), mask, labels, scores_of(crf))
        torch.testing.assert_close(likelihood.double(), expected, rtol=1e-6, atol=0.02)  # sums of several 1e4
    assert emissions.grad.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in crf.parameters())


@pytest.mark.parametrize("label", [3, -1])
def test_an_id_that_is_no_label_raises(label):
    crf, (emissions, _) = crf_of(3), reference.random_emissions((2,), 3)
    with pytest.raises(RuntimeError, match="out of bounds"):
        crf.log_likelihood(emissions, torch.tensor([[0, label]]))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_computed_in_single(dtype):
    crf, (emissions, mask) = crf_of(5, dtype=torch.float32), reference.random_emissions((30, 7), 5)
    emissions, labels = emissions.to(dtype), random_labels(mask, 5)
    expected = crf.log_likelihood(emissions.float(), labels, mask)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(crf.log_likelihood(emissions, labels, mask), expected)
        assert torch.equal(crf.decode(emissions, mask), crf.decode(emissions.float(), mask))
    half = copy.deepcopy(crf).to(dtype)
    assert half.log_likelihood(emissions, labels, mask).dtype == torch.float32


def test_gradients_of_several_losses_can_be_had_at_once():
    """As methods that aggregate gradients ask for them."""
    crf = crf_of(5, allowed_transitions(BIOES, "BIOES"))
    emissions, mask = reference.random_emissions((4, 3), 5)
    likelihood = crf.log_likelihood(emissions, random_labels(mask, 5), mask)
    rows = [torch.autograd.grad(each, crf.transitions, retain_graph=True)[0] for each in likelihood]
    (jacobian,) = torch.autograd.grad(likelihood, crf.transitions, torch.eye(2).double(), is_grads_batched=True)
    torch.testing.assert_close(jacobian, torch.stack(rows), rtol=0, atol=1e-12)


def test_it_learns_what_follows_what():
    torch.manual_seed(0)
    crf = LinearChainCrf(3)
    optimizer = torch.optim.SGD(crf.parameters(), lr=0.5)
    emissions, labels = torch.zeros(1, 7, 3), torch.tensor([[0, 1, 2, 0, 1, 2, 0]])
    for _ in range(100):
        optimizer.zero_grad()
        (-crf.log_likelihood(emissions, labels).sum()).backward()
        optimizer.step()
    assert torch.equal(crf.decode(emissions), labels)


def test_saved_are_the_learned_scores_and_nothing_else():
    crf = crf_of(5, allowed_transitions(BIOES, "BIOES"))
    assert set(crf.state_dict()) == {"transitions", "start", "end"}
    loaded = LinearChainCrf(5, allowed_transitions(BIOES, "BIOES")).double()
    loaded.load_state_dict(crf.state_dict())
    emissions, mask = reference.random_emissions((6, 2), 5)
    labels = random_labels(mask, 5)
    assert torch.equal(loaded.log_likelihood(emissions, labels, mask), crf.log_likelihood(emissions, labels, mask))
    assert torch.equal(loaded.decode(emissions, mask), crf.decode(emissions, mask))
