"""A small corpus with everything that a corpus may lack: layers, labels of single words, domains."""

from __future__ import annotations

from hf_sluice.data.assemble import assemble
from hf_sluice.data.sentence import Sentence
from hf_sluice.tasks import Task

POS = Task("pos", ("D", "N", "V"), weight=0.5)
CHUNK = Task("chunk", ("O", "B-NP", "I-NP"), scheme="IOB2", metric="span_f1")
LENGTH = Task("length", kind="regression", metric="mean_squared_error")
DOMAINS = ("mail", "news", "web")


def layered_corpus(train=60, test=30):
    """Sentences of two to five words; every 5th without chunks, every 7th with an unlabelled word, domains in turn."""
    return assemble(
        {"train": sentences("train", train), "test": sentences("test", test)}, [POS, CHUNK, LENGTH], ["note"]
    )


def sentences(split, number):
    return [sentence(split, i) for i in range(number)]


def sentence(split, i):
    size = 2 + i % 4
    pos = [POS.labels[(i + t) % 3] for t in range(size)]
    if i % 7 == 0:
        pos[1] = None
    chunks = None if i % 5 == 0 else ["B-NP", *["I-NP"] * (size - 1)]
    layers = {"pos": pos, "chunk": chunks, "length": [float(t) for t in range(size)]}
    return Sentence([f"w{i}{t}" for t in range(size)], layers, f"{split}-{i}", DOMAINS[i % 3])


def ids(corpus, split="train"):
    return corpus[split]["sent_id"][:]
