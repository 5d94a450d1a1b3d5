import pytest

from hf_sluice.models.decoders import DECODERS
from hf_sluice.models.tagging_head import ConstrainedHead, CrfHead, RegressionHead, TaggingHead
from hf_sluice.models.task_head import make_head

NER = {"name": "ner", "labels": ["O", "B-X", "I-X"], "scheme": "IOB2"}
POS = {"name": "pos", "labels": ["N", "V"]}
LENGTH = {"name": "length", "kind": "regression"}


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("constrained", [False, True])
def test_heads_are_what_is_asked_for(decoder, constrained):
    for task in (NER, POS, LENGTH):
        head = make_head(task, decoder, 6, 4, constrained=constrained)
        if task is LENGTH:
            expected = RegressionHead
        elif decoder.endswith("crf"):
            expected = CrfHead
        else:
            expected = ConstrainedHead if constrained and task is NER else TaggingHead
        assert type(head) is expected
        assert (head.dense is None) == decoder.startswith("linear")
        assert head.output.out_features == len(task.get("labels", "1"))
        assert head.output.in_features == (6 if head.dense is None else 4)


@pytest.mark.parametrize("constrained", [False, True])
def test_a_crf_is_constrained_where_that_is_asked_for_and_there_is_a_scheme(constrained):
    of_ner, of_pos = (make_head(task, "mlp_crf", 6, 4, constrained=constrained).crf for task in (NER, POS))
    assert (of_ner._allowed is not None) == constrained
    assert of_pos._allowed is None


def test_the_decoder_of_a_task_goes_before_the_default():
    assert type(make_head({**NER, "decoder": "linear_crf"}, "mlp", 6, 4)) is CrfHead
    assert make_head({**LENGTH, "decoder": "linear"}, "mlp_crf", 6, 4).dense is None


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="needs labels"):
        make_head({**LENGTH, "decoder": "mlp_crf"}, "mlp", 6, 4)
    closing_only = {**NER, "labels": ["I-X"]}
    make_head(closing_only, "mlp", 6, 4)
    with pytest.raises(ValueError, match="no well-formed sequence of length 1"):
        make_head(closing_only, "mlp", 6, 4, constrained=True)
