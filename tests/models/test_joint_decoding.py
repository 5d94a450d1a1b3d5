import pytest
import torch

from hf_sluice.models import joint_decoding
from hf_sluice.models.joint_decoding import joint_decode, joint_log_probabilities
from tests.models.test_joint_losses import batch_of, heads_of

DTYPES = (torch.float64, torch.float32, torch.bfloat16)


@pytest.fixture(params=[1.5, 100.0], ids=["similar sizes", "all sizes"])
def together(request, monkeypatch):
    """Whether all tasks are decoded at once, as on a GPU, or those of similar label sets."""
    monkeypatch.setattr(joint_decoding, "_SIMILAR_SIZES", request.param)


def logits_of(heads, dtype, rounded):
    """Logits, ``rounded`` ones with many ties."""
    states, mask, _ = batch_of()
    logits = {}
    for (name, head), state in zip(heads.items(), states.detach(), strict=True):
        values = head(state.to(head.output.weight.dtype))
        logits[name] = (values.round() if rounded else values).detach().to(dtype)
    return logits, mask


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("rounded", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("constrained", [False, True])
def test_predictions_are_those_of_the_heads(constrained, dtype, rounded):
    heads = heads_of(constrained)
    if rounded:
        for parameter in (parameter for head in heads.values() for parameter in head.parameters()):
            parameter.data.round_()
    for head in heads.values():
        head.to(dtype)
    logits, mask = logits_of(heads, torch.float32 if dtype is torch.bfloat16 else dtype, rounded)
    for attention_mask in (mask, None):
        decoded = joint_decode(heads, logits, attention_mask)
        assert list(decoded) == list(logits)
        for name, head in heads.items():
            assert torch.equal(decoded[name], head.decode(logits[name], attention_mask))


@pytest.mark.usefixtures("together")
def test_batches_of_different_sizes_are_decoded_apart():
    heads = heads_of(constrained=True)
    logits, _ = logits_of(heads, torch.float64, rounded=False)
    logits["srl"] = logits["srl"][:, :2]
    logits["chunk"] = logits["chunk"].float()
    for name, decoded in joint_decode(heads, logits, None).items():
        assert torch.equal(decoded, heads[name].decode(logits[name], None))
    for name, found in joint_log_probabilities(heads, logits, None).items():
        torch.testing.assert_close(found, heads[name].log_probabilities(logits[name], None))


@pytest.mark.parametrize("constrained", [False, True])
def test_probabilities_are_those_of_the_heads(constrained):
    heads = heads_of(constrained)
    logits, mask = logits_of(heads, torch.float64, rounded=False)
    found = joint_log_probabilities(heads, logits, mask)
    assert list(found) == list(logits)
    for name, values in found.items():
        torch.testing.assert_close(values[mask], heads[name].log_probabilities(logits[name], mask)[mask])
        torch.testing.assert_close(values[mask].exp().sum(-1), torch.ones_like(values[mask][..., 0]))


def test_only_label_sets_of_similar_size_are_decoded_together_on_a_cpu():
    heads = heads_of(constrained=True)
    logits, _ = logits_of(heads, torch.float64, rounded=False)
    scores = {name: found for name, head in heads.items() if (found := head.decoding_scores()) is not None}
    assert joint_decoding._groups(logits, scores) == [["chunk", "ner"], ["srl"]]
