import pytest

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.decoders import DECODERS

CONFIGURATIONS = (SluiceConfig, SparseSharingConfig)
POS = {"name": "pos", "labels": ["NOUN", "VERB"]}
NER = {"name": "ner", "labels": ["O", "B-PER", "I-PER"], "scheme": "IOB2"}
LENGTH = {"name": "length", "labels": [], "kind": "regression"}
INSIDE_ONLY = {"name": "ner", "labels": ["B-PER", "I-PER"], "scheme": "BIOES"}


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("constrained", [False, True])
def test_every_decoder_is_accepted_and_read_back(configuration, decoder, constrained, tmp_path):
    tasks = [POS, {**NER, "decoder": decoder}, LENGTH]
    config = configuration(tasks=tasks, decoder=decoder, constrained_decoding=constrained)
    config.save_pretrained(tmp_path)
    loaded = configuration.from_pretrained(tmp_path)
    assert (loaded.tasks, loaded.decoder, loaded.constrained_decoding) == (tasks, decoder, constrained)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"decoder": "crf"}, "decoder 'crf' is none of mlp, linear, mlp_crf, linear_crf"),
        ({"constrained_decoding": 1}, "constrained_decoding should be true or false, not 1"),
        ({"single_task_output": "ner"}, "single_task_output should be true or false, not 'ner'"),
        (
            {"tasks": [{**POS, "decoder": "crf"}]},
            "tasks: the decoder of 'pos', 'crf', is none of mlp, linear, mlp_crf, linear_crf",
        ),
        (
            {"tasks": [{**LENGTH, "decoder": "mlp_crf"}]},
            "tasks: the decoder of 'length', 'mlp_crf', needs labels; regression has mlp or linear",
        ),
        (
            {"tasks": [POS, INSIDE_ONLY], "constrained_decoding": True},
            (
                "tasks: 'ner' cannot be decoded within BIOES: the labels B-PER, I-PER make no well-formed sequence of "
                "length 1"
            ),
        ),
        (
            {"tasks": [{**NER, "scheme": "BILOU"}], "constrained_decoding": True},
            "tasks: 'ner': scheme 'BILOU' is none of none, IOB1, IOB2, BIOES",
        ),
    ],
)
def test_a_wrong_decoder_is_named(configuration, values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        configuration(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_labels_of_which_no_sentence_can_be_made_are_no_mistake_where_nothing_is_constrained(configuration):
    configuration(tasks=[INSIDE_ONLY])


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({**POS, "name": "../pos"}, "'../pos' is no name; it should be letters, digits, '_' and '-', no digit first"),
        ({**POS, "name": "a\nb"}, "'a\\nb' is no name; it should be letters, digits, '_' and '-', no digit first"),
        ({**POS, "name": "pos."}, "'pos.' is no name; it should be letters, digits, '_' and '-', no digit first"),
        ({**POS, "name": ""}, "'' is no name; it should be letters, digits, '_' and '-', no digit first"),
        ({**POS, "labels": "NV"}, "the labels of 'pos' should be a list of texts, not 'NV'"),
        ({**POS, "labels": [0, 1]}, "the labels of 'pos' should be a list of texts, not [0, 1]"),
        ({**POS, "labels": ["N", "N"]}, "a label of 'pos' stands twice"),
        (
            {**POS, "labels": ["N", "\ud83d"]},
            "label '\\ud83d' of 'pos' has half of a character",
        ),
    ],
)
def test_what_is_no_task_is_named(task, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        SluiceConfig(tasks=[NER, task])
    assert str(caught.value) == f"tasks: {message}"


@pytest.mark.parametrize("label", ["</td><script>", "../../x", "a|b", "a\nb", "", " "])
def test_any_text_is_a_label(label, tmp_path):
    SluiceConfig(tasks=[{**POS, "labels": [label, "x"]}]).save_pretrained(tmp_path)
    assert SluiceConfig.from_pretrained(tmp_path).tasks[0]["labels"] == [label, "x"]
