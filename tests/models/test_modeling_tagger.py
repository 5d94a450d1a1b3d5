"""What the decoders are to whole models, whichever they are."""

import copy

import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.models import modeling_tagger
from hf_sluice.models.decoders import DECODERS
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.tagging import is_valid
from hf_sluice.tasks import TaggingScheme
from tests.models.tiny_sluice import randomise, tiny_batch, tiny_config

MODELS = (SluiceForTokenClassification, SparseSharingForTokenClassification)
CHUNK = {"name": "chunk", "labels": ["O", "B-X", "I-X", "I-Y"], "scheme": "IOB2"}
NER = {"name": "ner", "labels": ["O", "B-X", "I-X", "E-X", "S-X"], "scheme": "BIOES"}
TASKS = [{"name": "pos", "labels": ["N", "V"]}, CHUNK, NER, {"name": "length", "labels": [], "kind": "regression"}]
SHARED = ("vocab_size", "char_vocab_size", "word_embedding_size", "char_embedding_size", "hidden_size",
          "head_hidden_size", "noise")  # fmt: skip
LENGTHS = (5, 3, 1, 8)


def model_of(model_class, seed=3, dtype=torch.float32, tasks=TASKS, **values):
    sizes = {name: getattr(tiny_config(), name) for name in SHARED}
    config = model_class.config_class(**{**sizes, "dropout": 0.0, "num_layers": 2, **values}, tasks=tasks)
    return randomise(model_class(config).to(dtype), seed).eval()


def labels_of(mask, share=0.8):
    generator = torch.Generator().manual_seed(1)
    labels = {task["name"]: torch.randint(0, len(task["labels"]) or 9, mask.shape, generator=generator)
              for task in TASKS}  # fmt: skip
    unlabelled = ~mask | (torch.rand(mask.shape, generator=generator) >= share)
    return {name: value.masked_fill(unlabelled, -100) for name, value in labels.items()}


def run(model, share=0.8, **values):
    batch = tiny_batch(LENGTHS)
    return model(**batch, labels=labels_of(batch["attention_mask"].bool(), share), **values), batch["attention_mask"]


def assert_well_formed(decoded, mask):
    for task in (CHUNK, NER):
        for row, kept in zip(decoded[task["name"]], mask.bool(), strict=True):
            assert is_valid([task["labels"][i] for i in row[kept].tolist()], TaggingScheme(task["scheme"]))


@pytest.mark.parametrize("model_class", MODELS)
@pytest.mark.parametrize("decoder", DECODERS)
def test_losses_and_predictions_are_those_of_the_heads(model_class, decoder):
    model = model_of(model_class, decoder=decoder)
    output, mask = run(model)
    labels, decoded = labels_of(mask.bool()), model.decode(output.logits, mask)
    for name, head in zip(model.config.task_names, model.heads, strict=True):
        torch.testing.assert_close(output.losses[name], head.loss(output.logits[name], labels[name], mask))
        assert torch.equal(decoded[name], head.decode(output.logits[name], mask))
    halved, _ = run(model, num_items={name: 2 * (value != -100).sum() for name, value in labels.items()})
    for name, loss in output.losses.items():
        torch.testing.assert_close(halved.losses[name], loss / 2)


@pytest.mark.parametrize("model_class", MODELS)
def test_a_plain_softmax_predicts_the_best_label_of_each_token(model_class):
    model = model_of(model_class)
    output, mask = run(model)
    decoded = model.decode(output.logits, mask)
    for name in ("pos", "chunk", "ner"):
        assert torch.equal(decoded[name], output.logits[name].argmax(-1))
    assert torch.equal(decoded["length"], output.logits["length"][..., 0])


@pytest.mark.parametrize("model_class", MODELS)
@pytest.mark.parametrize("decoder", DECODERS)
def test_constrained_models_predict_nothing_ill_formed(model_class, decoder):
    for seed in range(5):
        model = model_of(model_class, seed, decoder=decoder, constrained_decoding=True)
        output, mask = run(model)
        assert_well_formed(model.decode(output.logits, mask), mask)


def test_a_task_may_have_a_decoder_of_its_own():
    tasks = [{**task, "decoder": decoder} for task, decoder in zip(TASKS, DECODERS[::-1], strict=True)]
    model = model_of(SluiceForTokenClassification, tasks=tasks)
    assert [hasattr(head, "crf") for head in model.heads] == [True, True, False, False]
    assert [head.dense is None for head in model.heads] == [True, False, True, False]


def test_only_what_is_given_is_decoded_and_an_unknown_task_is_named():
    model = model_of(SluiceForTokenClassification)
    logits = model(**tiny_batch(LENGTHS), tasks=["ner"]).logits
    assert list(model.decode(logits)) == ["ner"]
    with pytest.raises(ValueError, match="task 'srl' is none of this model's tasks"):
        model.decode({"srl": logits["ner"]})


@pytest.mark.parametrize("model_class", MODELS)
def test_padding_and_company_change_no_prediction_and_no_loss(model_class):
    model = model_of(model_class, dtype=torch.float64, decoder="mlp_crf", constrained_decoding=True)
    output, mask = run(model)
    labels, decoded = labels_of(mask.bool()), model.decode(output.logits, mask)
    sums = dict.fromkeys(model.config.task_names, 0.0)
    for row, length in enumerate(LENGTHS):
        batch = tiny_batch(LENGTHS)
        alone = {n: v if n == "char_ids" else v[row : row + 1, :length] for n, v in batch.items()}
        own = {name: value[row : row + 1, :length] for name, value in labels.items()}
        found = model(**alone, labels=own, num_items=dict.fromkeys(own, 1.0))
        for name, values in model.decode(found.logits, alone["attention_mask"]).items():
            torch.testing.assert_close(values[0], decoded[name][row, :length], rtol=0, atol=1e-6)
            sums[name] += found.losses[name]
    for name, value in sums.items():
        torch.testing.assert_close(value / (labels[name] != -100).sum(), output.losses[name], rtol=0, atol=1e-10)


@pytest.mark.parametrize("model_class", MODELS)
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("constrained", [False, True])
def test_saving_and_loading_changes_no_bit(model_class, decoder, constrained, tmp_path):
    model = model_of(model_class, decoder=decoder, constrained_decoding=constrained)
    model.save_pretrained(tmp_path)
    loaded, report = model_class.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    (output, mask), (again, _) = run(model), run(loaded)
    for name, value in model.decode(output.logits, mask).items():
        assert torch.equal(loaded.decode(again.logits, mask)[name], value)
        assert torch.equal(again.losses[name], output.losses[name])


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_saved_model_can_be_constrained_when_it_is_loaded(decoder, tmp_path):
    model = model_of(SluiceForTokenClassification, decoder=decoder)
    model.save_pretrained(tmp_path)
    loaded, report = type(model).from_pretrained(tmp_path, constrained_decoding=True, output_loading_info=True)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    (output, mask), (again, _) = run(model), run(loaded)
    assert all(torch.equal(value, again.logits[name]) for name, value in output.logits.items())
    assert_well_formed(loaded.decode(again.logits, mask), mask)


def test_scores_of_transitions_that_a_file_lacks_start_at_zero(tmp_path):
    model = model_of(SluiceForTokenClassification, decoder="mlp_crf")
    model.save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    values = load_file(path)
    del values["heads.1.crf.transitions"]
    save_file(values, path, metadata={"format": "pt"})
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path)
    assert not loaded.heads[1].crf.transitions.any()
    assert torch.equal(loaded.heads[1].crf.start, model.heads[1].crf.start)
    assert torch.equal(loaded.heads[0].crf.transitions, model.heads[0].crf.transitions)


@pytest.mark.parametrize("model_class", MODELS)
@pytest.mark.parametrize("decoder", ["mlp_crf", "linear_crf"])
def test_a_fresh_crf_is_a_softmax(model_class, decoder):
    models = []
    for each in (decoder, decoder.removesuffix("_crf")):
        torch.manual_seed(5)
        models.append(model_class(model_of(model_class, decoder=each).config).eval())
    (with_crf, _), (without, _) = map(run, models)
    for name, loss in without.losses.items():
        assert torch.equal(with_crf.logits[name], without.logits[name])
        torch.testing.assert_close(with_crf.losses[name], loss)


@pytest.mark.parametrize("constrained", [False, True])
def test_autocast_leaves_the_crf_in_single_precision(constrained):
    model = model_of(SluiceForTokenClassification, decoder="linear_crf", constrained_decoding=constrained)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output, mask = run(model)
        decoded = model.decode(output.logits, mask)
    labels = labels_of(mask.bool())
    for name in ("pos", "chunk", "ner"):
        head = model.heads[model.config.task_index(name)]
        logits = output.logits[name]
        assert logits.dtype == torch.bfloat16
        assert output.losses[name].dtype == torch.float32
        torch.testing.assert_close(output.losses[name], head.loss(logits.float(), labels[name], mask))
        assert torch.equal(decoded[name], head.decode(logits.float(), mask))
    output.loss.backward()
    assert all(parameter.grad.isfinite().all() for parameter in model.heads.parameters())


def test_a_crf_of_one_task_gets_no_gradient_from_another():
    model = model_of(SluiceForTokenClassification, decoder="mlp_crf")
    output, _ = run(model)
    output.losses["ner"].backward()
    assert model.heads[2].crf.transitions.grad.any()
    assert not model.heads[1].crf.transitions.grad.any()


def test_a_copy_decodes_alike():
    model = model_of(SluiceForTokenClassification, decoder="linear", constrained_decoding=True)
    output, mask = run(model)
    decoded = copy.deepcopy(model).decode(output.logits, mask)
    assert all(torch.equal(value, decoded[name]) for name, value in model.decode(output.logits, mask).items())


@pytest.mark.parametrize("model_class", MODELS)
@pytest.mark.parametrize("decoder", ["linear", "mlp", "mlp_crf"])
@pytest.mark.parametrize("tasks", [None, ["ner", "chunk"]])
def test_heads_computed_at_once_are_those_computed_one_by_one(model_class, decoder, tasks, monkeypatch):
    found = []
    for together in (False, True):
        monkeypatch.setattr(modeling_tagger, "pays_to_join", lambda *_, answer=together: answer)
        model = model_of(model_class, decoder=decoder, noise=0.1, dtype=torch.float64).train()
        torch.manual_seed(0)
        output, _ = run(model, tasks=tasks)
        output.loss.backward()
        found.append(({**output.logits, **output.losses}, {n: p.grad for n, p in model.named_parameters()}))
    for one, other in zip(*found, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            assert (value is None) == (other[name] is None)
            if value is not None:
                torch.testing.assert_close(value, other[name])
