"""Small taggers of every decoder, exported, and graphs at work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from hf_sluice.export.folder import export_tagger
from hf_sluice.export.tagger_graph import tagger_graphs
from hf_sluice.prediction.model_folder import SavedTagger
from tests.models.tiny_tagging import TOKENIZER, WORDS, tiny_tagger

NAMES = ["pos", "ner", "time"]
SENTENCES = [WORDS[:5], WORDS[3:4], ["Unknown", "☃", "x" * 70, *WORDS[5:], "-1,000.5"], WORDS[::-1] * 3, ["ann", "SAW"]]


def save_tagger(folder: Path, decoding: str = "softmax", **values) -> SavedTagger:
    """Exports a tagger of three tasks into a folder, and gives the model."""
    saved = SavedTagger(tiny_tagger(decoding=decoding, **values), TOKENIZER, Path("its/folder"))
    folder.mkdir(exist_ok=True)
    export_tagger(saved, NAMES, folder, 17)
    return saved


def with_padding_of_zeros(model):
    """The same model; in every model that was not made up here, padding embeds to zero."""
    for module in model.modules():
        if isinstance(module, torch.nn.Embedding):
            module.weight.data[0] = 0
    return model


def session_of(model, operators=17):
    """Runs the graphs of a model."""
    return [
        None if graph is None else onnxruntime.InferenceSession(graph.SerializeToString())
        for graph in tagger_graphs(model, operators)
    ]


def run_graph(sessions, batch):
    """What the graphs put out for a model's inputs, per task."""
    tagger, characters = sessions
    inputs = {name: value.numpy() for name, value in batch.items()}
    if characters is not None:
        (inputs["form_states"],) = characters.run(None, {"char_ids": inputs["char_ids"]})
    values = tagger.run(None, {value.name: inputs[value.name] for value in tagger.get_inputs()})
    return {out.name.removeprefix("logits_"): value for out, value in zip(tagger.get_outputs(), values, strict=True)}


def run_model(model, batch):
    with torch.no_grad():
        return {name: logits.numpy() for name, logits in model(**batch).logits.items()}


def assert_same(found, expected, batch, tolerance=1e-5):
    """Sees to it that logits are the same wherever there are words."""
    is_word = batch["attention_mask"].bool().numpy()
    assert list(found) == list(expected)
    for name, logits in expected.items():
        assert found[name].shape[:2] == is_word.shape
        np.testing.assert_allclose(
            found[name][is_word], logits[is_word], rtol=0, atol=tolerance * max(1, np.abs(logits[is_word]).max())
        )
