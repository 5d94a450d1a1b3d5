"""Small corpora, models and trainers for the tests of training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.tasks import Task
from hf_sluice.training.settings import TrainingSettings
from hf_sluice.training.trainer import MultiTaskTrainer

SIZES = {"word_embedding_size": 6, "char_embedding_size": 5, "char_hidden_size": 4, "hidden_size": 8, "num_layers": 2,
         "head_hidden_size": 6}  # fmt: skip
POS, CHUNK = Task("pos", ("D", "N", "V")), Task("chunk", ("O", "B-NP", "I-NP"), scheme="IOB2", metric="span_f1")
LENGTH = Task("length", kind="regression", metric="mean_squared_error")


def demo(train=60, tasks=("pos", "chunk")):
    corpus = load_demo_corpus(train_sentences=train, validation_sentences=16, test_sentences=12)
    corpus.tasks = tuple(task for task in corpus.tasks if task.name in tasks)
    return corpus


def sentence(words, number=0, domain=None, **layers):
    return Sentence(words.split(), layers, f"s{number}", domain)


def corpus_of(tasks, **splits):
    return assemble(splits, tasks)


def new_tokenizer(corpus):
    return TaggerTokenizer.train_from_words(corpus["train"]["tokens"][:], min_count=1)


def new_model(tokenizer, tasks, seed=0, **values):
    torch.manual_seed(seed)
    config = SluiceConfig(
        tasks=[task.to_dict() for task in tasks],
        vocab_size=tokenizer.vocab_size,
        char_vocab_size=tokenizer.char_vocab_size,
        **{**SIZES, **values},
    )
    return SluiceForTokenClassification(config)


def new_trainer(corpus, folder, *, seed=0, model=None, tasks=None, **settings):
    """A trainer of a fresh model, noise included."""
    tasks = corpus.tasks if tasks is None else tasks
    tokenizer = new_tokenizer(corpus)
    settings = TrainingSettings(**{"epochs": 2, "batch_size": 8, "learning_rate": 0.3, **settings})
    return MultiTaskTrainer(
        new_model(tokenizer, tasks, seed) if model is None else model,
        tokenizer, corpus, tasks, settings, folder, seed=seed,
    )  # fmt: skip


def copy_of(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def assert_equal_parameters(one, other):
    """Bit for bit."""
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []


@dataclass
class WordsOfLength:
    lengths: np.ndarray


class SplitOfLengths:
    """What planners ask of a split: lengths, and which sentences carry which task."""

    def __init__(self, lengths, **sentences):
        self.words = WordsOfLength(np.asarray(lengths))
        self._sentences = {task: np.asarray(numbers, dtype=np.int64) for task, numbers in sentences.items()}

    def labelled_sentences(self, task):
        return self._sentences[task]
