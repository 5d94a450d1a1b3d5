"""A tagger of random weights with a task of each kind, and sentences to tag."""

import torch

from hf_sluice.data.sentence import Place
from hf_sluice.prediction.sentences import UntaggedSentence
from tests.models.tiny_sluice import randomise
from tests.training.tiny_training import CHUNK, LENGTH, POS, demo, new_model, new_tokenizer

TASKS = (POS, CHUNK, LENGTH)


def tiny_tagger(**values):
    """Model and tokenizer; the model's answers depend on the words."""
    tokenizer = new_tokenizer(demo())
    model = randomise(new_model(tokenizer, TASKS, **values), 0).eval()
    with torch.no_grad():
        for parameter in model.heads.parameters():
            parameter.mul_(5 if parameter.dim() > 1 else 0)
    return model, tokenizer


def tiny_sentences(number):
    """Sentences of the demo corpus, of many lengths."""
    words = demo(train=number)["train"]["tokens"]
    return [UntaggedSentence(sentence, Place("f", i)) for i, sentence in enumerate(words, start=1)]
