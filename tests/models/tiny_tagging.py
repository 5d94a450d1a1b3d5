"""Small taggers of both kinds, with every way of decoding, and the tokenizer and texts that go with them."""

from __future__ import annotations

import torch

from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from tests.models.tiny_sluice import tiny_batch, tiny_model

SCHEME = ["O", "B-X", "I-X"]
TASKS = [
    {"name": "pos", "labels": ["N", "V", "D", "P"]},
    {"name": "ner", "labels": SCHEME, "scheme": "IOB2", "weight": 0.5},
    {"name": "time", "kind": "regression"},
]
DECODING = {
    "softmax": {},
    "constrained": {"constrained_decoding": True},
    "crf": {"decoder": "mlp_crf"},
    "constrained_crf": {"decoder": "linear_crf", "constrained_decoding": True},
}
# As many as tiny batches have, so that these are batches of these models, too.
WORDS = ["The", "old", "bank", "in", "New", "York", "1990", ".", "Ann", "saw", "it", "was", "a", "good", "year"]
TOKENIZER = TaggerTokenizer.train_from_words([WORDS])
TEXTS = ["The old bank, in New York.", "", "Ann saw 12 unknown words in 1990!", "  ", "Ann"]


def tiny_tagger(make=tiny_model, decoding="softmax", **values):
    """A tagger of the tasks above, which predicts all of their labels."""
    sizes = {"vocab_size": TOKENIZER.vocab_size, "char_vocab_size": TOKENIZER.char_vocab_size}
    model = make(3, dtype=torch.float32, tasks=TASKS, **sizes, **DECODING[decoding], **values)
    with torch.no_grad():
        for head in model.heads:
            head.output.weight *= 4
        means = [logits.flatten(0, 1).mean(0) for logits in model(**tiny_batch((40, 30))).logits.values()]
        for head, mean in zip(model.heads, means, strict=True):
            head.output.bias -= mean
    return model


@torch.no_grad()
def evaluated(model, batch, task):
    """Labels, or numbers, of one task, and the labels' probabilities, as the model's evaluation has them."""
    logits = model(**batch, tasks=[task]).logits
    mask = batch["attention_mask"]
    scores = model.log_probabilities(logits, mask)
    return model.decode(logits, mask)[task], scores[task].exp() if task in scores else None
