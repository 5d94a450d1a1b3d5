from __future__ import annotations

from dataclasses import asdict

import pytest
import torch

from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.training.encoded_split import UNLABELLED, encode_split
from hf_sluice.training.scoring import score_split
from tests.training.tiny_training import LENGTH, POS, corpus_of, demo, new_model, new_tokenizer, sentence


@pytest.fixture(scope="module")
def tagger():
    """A model and its training split."""
    corpus = demo(train=21)
    tokenizer = new_tokenizer(corpus)
    return new_model(tokenizer, corpus.tasks).eval(), encode_split(corpus["train"], tokenizer, corpus.tasks), corpus


def test_accuracy_is_the_share_of_words_that_the_model_gets_right(tagger):
    model, split, corpus = tagger
    right = {domain: [] for domain in corpus.domains}
    with torch.no_grad():
        for number in range(len(split)):
            found = model(**split.words.batch([number])).logits["pos"][0].argmax(-1).numpy()
            right[split.domains[number]] += (found == split.sentence_labels("pos", number)).tolist()
    rows = score_split(model, split, corpus.tasks).compute()

    for domain, hits in right.items():
        row = main_score(rows, corpus.tasks[0], domain)
        assert (row.value, row.support) == (pytest.approx(sum(hits) / len(hits)), len(hits))


@pytest.mark.parametrize("num_processes", [2, 5, 30])
def test_boards_of_all_processes_merge_into_that_of_the_split(tagger, num_processes):
    model, split, corpus = tagger
    first, *others = (
        score_split(model, split, corpus.tasks, process=process, num_processes=num_processes)
        for process in range(num_processes)
    )
    for other in others:
        first.merge(other)
    whole = score_split(model, split, corpus.tasks)

    for one, other in zip(first.compute(), whole.compute(), strict=True):
        assert asdict(one) == pytest.approx(asdict(other))


def test_words_without_labels_do_not_count():
    corpus = corpus_of(
        [POS, LENGTH],
        train=[sentence("a b c", 0, pos=["D", None, "V"]), sentence("d", 1, length=[2.0]), sentence("e", 2, "x")],
    )
    tokenizer = new_tokenizer(corpus)
    split = encode_split(corpus["train"], tokenizer, corpus.tasks)
    rows = score_split(new_model(tokenizer, corpus.tasks), split, corpus.tasks).compute()

    assert {task.name: main_score(rows, task).support for task in corpus.tasks} == {"pos": 2, "length": 1}
    assert [int((labels != UNLABELLED).sum()) for labels in split.labels.values()] == [2, 1]
    assert {row.domain for row in rows} == {"x", "all", "macro"}
