from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import UserError
from hf_sluice.evaluation.majority import MajorityTagger
from hf_sluice.tasks import Task

LABELS = Task("pos", ("NN", "VB", "DT"))
NUMBERS = Task("gaze", kind="regression", metric="spearman")


def fitted(*sentences: tuple[str, list], task: Task = LABELS) -> MajorityTagger:
    read = [Sentence(text.split(), {task.name: layer}, f"s{number}") for number, (text, layer) in enumerate(sentences)]
    return MajorityTagger.fit(assemble({"train": read}, [task])["train"], [task])


def test_a_word_gets_its_most_frequent_label():
    tagger = fitted(("walk walk walk", ["VB", "NN", "VB"]), ("the", ["DT"]))

    assert tagger.predict(["walk", "the"]) == {"pos": ["VB", "DT"]}


def test_an_unknown_word_gets_the_most_frequent_label_of_all_words():
    tagger = fitted(("a b c", ["DT", "DT", "NN"]))

    assert tagger.predict(["x", "c", "y"]) == {"pos": ["DT", "NN", "DT"]}


def test_case_does_not_count():
    tagger = fitted(("Walk WALK walk the", ["VB", "VB", "NN", "DT"]))

    assert tagger.predict(["walk", "wAlK", "THE"])["pos"] == ["VB", "VB", "DT"]


@pytest.mark.parametrize("layer", [["VB", "NN"], ["NN", "VB"]])
def test_of_equally_frequent_labels_the_first_of_the_label_set_is_taken(layer):
    assert fitted(("walk walk", layer)).predict(["walk", "unknown"])["pos"] == ["NN", "NN"]


def test_what_is_not_annotated_does_not_count():
    tagger = fitted(("walk walk", [None, "VB"]), ("walk walk", None))

    assert tagger.predict(["walk"])["pos"] == ["VB"]


def test_a_task_without_any_label_is_refused():
    with pytest.raises(UserError, match=r"^task 'pos': no word of the training data has a label"):
        fitted(("walk", None))


def test_regression_takes_means():
    tagger = fitted(("a A b", [1.0, 2.0, 6.0]), ("c", [None]), task=NUMBERS)

    assert tagger.predict(["a", "b", "c"]) == {"gaze": [1.5, 6.0, 3.0]}


def test_no_words_get_no_labels():
    assert fitted(("a", ["NN"])).predict([]) == {"pos": []}


def test_on_a_corpus_it_is_the_best_that_a_word_alone_allows():
    corpus = load_demo_corpus(train_sentences=200, validation_sentences=4, test_sentences=4)
    train, tagger = corpus["train"], MajorityTagger.fit(corpus["train"], corpus.tasks)

    for task in corpus.tasks:
        counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        right = 0
        for tokens, layer in zip(train["tokens"], train[task.name], strict=True):
            expected = [task.labels[label_id] for label_id in layer]
            right += sum(map(str.__eq__, tagger.predict(tokens)[task.name], expected))
            for token, label in zip(tokens, expected, strict=True):
                counts[token.lower()][label] += 1
        assert right == sum(max(of_word.values()) for of_word in counts.values())
