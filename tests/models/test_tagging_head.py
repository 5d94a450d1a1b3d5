import pytest
import torch

from hf_sluice.models.tagging_head import ConstrainedHead, CrfHead, RegressionHead, TaggingHead
from hf_sluice.models.tagging_loss import IGNORED, tagging_loss
from hf_sluice.models.transitions import allowed_transitions
from hf_sluice.tagging import is_valid
from hf_sluice.tasks import TaggingScheme
from tests.models import reference_chain as reference

LABELS = {
    "IOB1": ["I-Y", "B-X", "O", "I-X", "B-Y"],
    "IOB2": ["I-Y", "B-X", "O", "I-X", "B-Y"],
    "BIOES": ["E-Y", "B-X", "O", "E-X", "S-X", "I-X", "B-Y"],
}
LENGTHS = (9, 1, 4, 2, 7, 3)


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def randomised(head, seed=0):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return head


def heads_of(hidden):
    """One of each kind that predicts labels, for BIOES."""
    labels = LABELS["BIOES"]
    allowed = allowed_transitions(labels, "BIOES")
    heads = [TaggingHead(6, hidden, len(labels)), ConstrainedHead(6, hidden, allowed),
             CrfHead(6, hidden, len(labels)), CrfHead(6, hidden, len(labels), allowed)]  # fmt: skip
    return [randomised(head).double() for head in heads]


def inputs(num_labels=7, seed=0, share=0.8):
    """States, labels and mask; numbers at padding, as a model has there."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS)[:, None]
    labels = torch.randint(0, num_labels, mask.shape, generator=generator)
    labels = labels.masked_fill(~mask | (torch.rand(mask.shape, generator=generator) >= share), IGNORED)
    return random(*mask.shape, 6, seed=seed), labels, mask


def test_an_mlp_is_one_tanh_layer():
    head = TaggingHead(6, 4, 3).double()
    state = random(2, 5, 6)
    hidden = torch.tanh(state @ head.dense.weight.T + head.dense.bias)
    torch.testing.assert_close(head(state), hidden @ head.output.weight.T + head.output.bias)


def test_a_linear_head_has_no_layer_but_the_last():
    head = TaggingHead(6, None, 3).double()
    state = random(2, 5, 6)
    assert set(head.state_dict()) == {"output.weight", "output.bias"}
    torch.testing.assert_close(head(state), state @ head.output.weight.T + head.output.bias)


def test_names_of_parameters_are_those_of_saved_models():
    mlp = {"dense.weight", "dense.bias", "output.weight", "output.bias"}
    softmax, constrained, crf, constrained_crf = (set(head.state_dict()) for head in heads_of(4))
    assert softmax == constrained == set(RegressionHead(6, 4).state_dict()) == mlp
    assert crf == constrained_crf == mlp | {"crf.transitions", "crf.start", "crf.end"}


def test_a_softmax_predicts_the_best_label_of_each_token_and_a_regression_its_number():
    logits = random(2, 5, 7)
    assert torch.equal(TaggingHead(6, None, 7).decode(logits), logits.argmax(-1))
    numbers = RegressionHead(6, None).decode(logits[..., :1])
    assert numbers.dtype == torch.float32
    assert torch.equal(numbers, logits[..., 0].float())


@pytest.mark.parametrize("hidden", [4, None])
def test_losses_of_tokens_are_those_of_the_labels_or_of_the_numbers(hidden):
    state, labels, mask = inputs()
    softmax, constrained, *_ = heads_of(hidden)
    logits = softmax(state)
    for head in (softmax, constrained):
        assert head.loss(logits, labels, mask) == tagging_loss(logits, labels)
        assert head.loss(logits, labels, mask, 3.0) == tagging_loss(logits, labels, 3.0)
    numbers = logits[..., :1]
    assert RegressionHead(6, hidden).loss(numbers, labels, mask, 3.0) == tagging_loss(
        numbers, labels, 3.0, regression=True
    )


def test_the_loss_of_a_crf_is_on_the_scale_of_a_cross_entropy():
    state, labels, mask = inputs()
    head = heads_of(None)[2]
    logits = head(state)
    for num_items in (None, 3.0):
        divisor = (labels != IGNORED).sum() if num_items is None else num_items
        expected = -head.crf.log_likelihood(logits, labels, mask).sum() / divisor
        torch.testing.assert_close(head.loss(logits, labels, mask, num_items), expected)
        indifferent = CrfHead(6, None, 7).double()
        torch.testing.assert_close(
            indifferent.loss(logits, labels, mask, num_items), tagging_loss(logits, labels, num_items)
        )


@pytest.mark.parametrize("number", range(4))
def test_shares_of_a_batch_add_up_to_the_whole(number):
    state, labels, mask = inputs()
    head = heads_of(4)[number]
    logits = head(state)
    num_items = (labels != IGNORED).sum()
    whole = head.loss(logits, labels, mask)
    parts = [head.loss(logits[rows], labels[rows], mask[rows], num_items) for rows in (slice(2), slice(2, None))]
    torch.testing.assert_close(sum(parts), whole, rtol=0, atol=1e-12)


@pytest.mark.parametrize("number", range(4))
def test_nothing_labelled_costs_nothing_and_moves_nothing(number):
    state, labels, mask = inputs(share=0.0)
    head = heads_of(4)[number]
    loss = head.loss(head(state), labels, mask)
    loss.backward()
    assert loss == 0
    assert not any(parameter.grad.any() for parameter in head.parameters())


@pytest.mark.parametrize("number", range(4))
def test_padding_changes_nothing(number):
    state, labels, mask = inputs()
    head = heads_of(4)[number]
    logits = head(state)
    loss, found = head.loss(logits, labels, mask), head.decode(logits, mask)
    elsewhere = torch.where(mask[..., None], logits, random(*logits.shape, seed=5))
    assert torch.equal(head.loss(elsewhere, labels, mask), loss)
    assert torch.equal(head.decode(elsewhere, mask)[mask], found[mask])
    for row, length in enumerate(LENGTHS):
        alone = head.decode(logits[row : row + 1, :length], mask[row : row + 1, :length])
        assert torch.equal(alone[0], found[row, :length])
        assert torch.equal(head.decode(logits[row : row + 1, :length])[0], found[row, :length])


def count_ill_formed(found, mask, labels, scheme):
    sentences = [[labels[i] for i in row[kept].tolist()] for row, kept in zip(found, mask, strict=True)]
    return sum(not is_valid(sentence, TaggingScheme(scheme)) for sentence in sentences)


@pytest.mark.parametrize("spread", [0.1, 10.0, 1000.0])
@pytest.mark.parametrize("scheme", list(LABELS))
def test_nothing_ill_formed_is_ever_predicted_where_that_is_asked_for(scheme, spread):
    labels = LABELS[scheme]
    allowed = allowed_transitions(labels, scheme)
    constrained, crf = ConstrainedHead(6, None, allowed), randomised(CrfHead(6, None, len(labels), allowed))
    free = 0
    for seed in range(10):
        logits, mask = reference.random_emissions(LENGTHS, len(labels), seed, spread, torch.float32)
        free += count_ill_formed(TaggingHead(6, None, len(labels)).decode(logits), mask, labels, scheme)
        for dtype in (torch.float32, torch.bfloat16):
            for head in (constrained, crf):
                found = head.decode(logits.to(dtype), mask)
                assert found.dtype == torch.int64
                assert count_ill_formed(found, mask, labels, scheme) == 0
    assert free > 30


@pytest.mark.parametrize("scheme", list(LABELS))
def test_what_is_well_formed_anyway_is_predicted_unchanged(scheme):
    labels = LABELS[scheme]
    head = ConstrainedHead(6, None, allowed_transitions(labels, scheme))
    logits, mask = reference.random_emissions((2, 3, 1) * 30, len(labels))
    best = logits.argmax(-1)
    found = head.decode(logits, mask)
    fits = [count_ill_formed(best[i : i + 1], mask[i : i + 1], labels, scheme) == 0 for i in range(len(mask))]
    assert 10 < sum(fits) < 90
    for row, kept, expected, fit in zip(found, mask, best, fits, strict=True):
        assert torch.equal(row[kept], expected[kept]) == fit


def test_a_constrained_softmax_predicts_the_most_probable_well_formed_sequence():
    labels = LABELS["BIOES"]
    allowed = allowed_transitions(labels, "BIOES")
    logits, mask = reference.random_emissions((4, 2, 1), len(labels))
    found = ConstrainedHead(6, None, allowed).decode(logits, mask)
    for row, kept, emissions in zip(found, mask, torch.log_softmax(logits, -1), strict=True):
        candidates = [
            (sum(emissions[t, i].item() for t, i in enumerate(y)), y)
            for y in reference.sequences(len(labels), int(kept.sum()))
            if is_valid([labels[i] for i in y], TaggingScheme.BIOES)
        ]
        assert tuple(row[kept].tolist()) == max(candidates)[1]


@pytest.mark.parametrize("number", range(4))
def test_probabilities_are_those_of_a_softmax_or_of_the_crf(number):
    state, _, mask = inputs()
    head = heads_of(4)[number]
    logits = head(state)
    expected = head.crf.log_marginals(logits, mask) if isinstance(head, CrfHead) else logits.log_softmax(-1)
    found = head.log_probabilities(logits, mask)
    assert torch.equal(found[mask], expected[mask])
    half = head.log_probabilities(logits.to(torch.bfloat16), mask)
    torch.testing.assert_close(half[mask].exp().sum(-1), torch.ones_like(half[mask][:, 0]))
