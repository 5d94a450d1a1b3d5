import pytest
import torch

from hf_sluice.models.transition_scores import FORBIDDEN, TransitionScores
from hf_sluice.models.transitions import allowed_transitions
from hf_sluice.models.viterbi import best_labels
from tests.models import reference_chain as reference


def assert_best(labels_BT, emissions_BTL, mask_BT, scores):
    for labels, emissions, kept in zip(labels_BT, emissions_BTL, mask_BT, strict=True):
        assert tuple(labels[kept].tolist()) == reference.best(emissions[kept].double().numpy(), scores)[1]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("labels", "lengths"), [(1, (3, 1)), (2, (1,)), (3, (5, 1, 4)), (5, (4, 2))])
def test_the_best_of_all_sequences_is_found(labels, lengths, seed, dtype):
    emissions, mask = reference.random_emissions(lengths, labels, seed, dtype=dtype)
    scores = reference.random_scores(labels, seed, dtype=dtype)
    assert_best(best_labels(emissions, mask, scores), emissions, mask, scores)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "BIOES"])
def test_the_best_of_the_allowed_sequences_is_found(scheme, seed):
    labels = ["O", "B-X", "I-X", *(["E-X", "S-X"] if scheme == "BIOES" else ["I-Y"])]
    emissions, mask = reference.random_emissions((5, 1, 3), len(labels), seed, dtype=torch.float32)
    scores = TransitionScores.indifferent(emissions).within(allowed_transitions(labels, scheme))
    assert_best(best_labels(emissions, mask, scores), emissions, mask, scores)


def test_an_allowed_sequence_wins_whatever_it_costs():
    emissions = torch.tensor([[[1e6, 0], [1e6, 0], [0, 1e6]]])
    between = torch.tensor([[0, FORBIDDEN], [0, 0]])
    scores = TransitionScores(between, torch.zeros(2), torch.tensor([FORBIDDEN, 0]))
    assert best_labels(emissions, None, scores).tolist() == [[1, 1, 1]]


def test_without_transitions_it_is_the_best_label_of_each_token():
    emissions, mask = reference.random_emissions((6, 2), 4)
    found = best_labels(emissions, mask, TransitionScores.indifferent(emissions))
    assert found.dtype == torch.int64
    assert torch.equal(found[mask], emissions.argmax(-1)[mask])


def test_padding_is_zero_and_a_sentence_has_the_labels_that_it_has_alone():
    emissions, mask = reference.random_emissions((2, 5, 1), 3)
    scores = reference.random_scores(3)
    found = best_labels(emissions, mask, scores)
    assert not found[~mask].any()
    for row, length in enumerate(mask.sum(1).tolist()):
        assert torch.equal(found[row, :length], best_labels(emissions[row : row + 1, :length], None, scores)[0])
    assert torch.equal(found, best_labels(emissions, mask.long(), scores))
