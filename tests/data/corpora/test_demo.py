from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from hf_sluice.data.corpora.demo import DOMAINS, TASKS, load, load_demo_corpus
from hf_sluice.data.load import load_corpus
from hf_sluice.errors import UserError
from hf_sluice.evaluation.majority import MajorityTagger

SPLITS = ("train", "validation", "test")
NOUNS = {"NN", "NNS", "NNP", "PRP", "DT", "EX", "WP", "WDT"}
PRINT_DIGEST = """
import hashlib
from hf_sluice.data.corpora.demo import load_demo_corpus
rows = [row for data in load_demo_corpus(seed=3, train_sentences=80).values() for row in data]
print(hashlib.sha256(repr(rows).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def corpus():
    return load_demo_corpus()


@pytest.fixture(scope="module")
def sentences(corpus):
    """Every sentence as a list of (word, pos, chunk, ner, srl)."""
    names = [task.labels for task in TASKS]
    return [
        [
            (word, *(labels[i] for labels, i in zip(names, ids, strict=True)))
            for word, *ids in zip(*columns, strict=True)
        ]
        for data in corpus.values()
        for columns in zip(data["tokens"], *(data[task.name] for task in TASKS), strict=True)
    ]


def spans(labels):
    """The spans of IOB2 labels as (start, end, type)."""
    starts = [i for i, label in enumerate(labels) if label.startswith("B-")]
    for start in starts:
        end = start + 1
        while end < len(labels) and labels[end].startswith("I-"):
            end += 1
        yield start, end, labels[start][2:]


def rows(data):
    return list(zip(data["tokens"], *(data[task.name] for task in TASKS), data["sent_id"], strict=True))


class TestShape:
    def test_the_default_has_the_size_that_it_promises(self, corpus):
        assert {split: len(data) for split, data in corpus.items()} == {"train": 1600, "validation": 400, "test": 400}

    def test_every_domain_has_a_quarter_of_each_split(self, corpus):
        for data in corpus.values():
            assert Counter(data["domain"]) == dict.fromkeys(range(4), len(data) // 4)

    def test_numbers_of_sentences_are_exact(self):
        corpus = load_demo_corpus(train_sentences=9, validation_sentences=6, test_sentences=4)

        assert [len(corpus[split]) for split in SPLITS] == [9, 6, 4]
        assert {corpus.domains[i] for i in corpus["test"]["domain"]} == set(DOMAINS)

    def test_sentences_have_about_ten_words(self, corpus):
        lengths = [len(tokens) for data in corpus.values() for tokens in data["tokens"]]

        assert 8 < sum(lengths) / len(lengths) < 11
        assert max(lengths) < 40

    def test_no_sentence_occurs_twice(self, corpus):
        seen = Counter(tuple(tokens) for data in corpus.values() for tokens in data["tokens"])

        assert max(seen.values()) == 1

    def test_ids_are_unique_and_name_domain_and_split(self, corpus):
        ids = [
            (split, row)
            for split in SPLITS
            for row in zip(corpus[split]["sent_id"], corpus[split]["domain"], strict=True)
        ]

        assert len({sent_id for _, (sent_id, _) in ids}) == 2400
        assert all(sent_id.startswith(f"{corpus.domains[domain]}-{split}-") for split, (sent_id, domain) in ids)


class TestDeterminism:
    def test_hash_seeds_do_not_matter(self):
        digests = set()
        for hash_seed in ("0", "1", "4711"):
            ran = subprocess.run(
                [sys.executable, "-c", PRINT_DIGEST],
                env=os.environ | {"PYTHONHASHSEED": hash_seed},
                capture_output=True,
                text=True,
                check=True,
            )
            digests.add(ran.stdout)
        here = [row for data in load_demo_corpus(seed=3, train_sentences=80).values() for row in data]
        assert digests == {hashlib.sha256(repr(here).encode()).hexdigest() + "\n"}

    def test_seeds_matter(self, corpus):
        other = load_demo_corpus(seed=1)

        assert not set(map(tuple, other["test"]["tokens"])) & set(map(tuple, corpus["test"]["tokens"][:20]))

    def test_the_test_split_does_not_depend_on_the_size_of_the_others(self, corpus):
        small = load_demo_corpus(train_sentences=4, validation_sentences=4)

        assert rows(small["test"]) == rows(corpus["test"])

    def test_a_smaller_test_split_is_the_beginning_of_a_larger_one(self, corpus):
        assert rows(load_demo_corpus(test_sentences=40)["test"]) == rows(corpus["test"])[:40]


class TestLoading:
    def test_it_is_loaded_by_name(self, corpus):
        loaded = load_corpus("demo")

        assert [rows(loaded[split]) for split in SPLITS] == [rows(corpus[split]) for split in SPLITS]
        assert loaded.tasks == TASKS

    def test_one_domain_can_be_the_source_of_the_others(self):
        domains = {"train": "news", "validation": "news", "test": ["chat", "travel", "recipes"]}
        loaded = load_corpus("demo", domains=domains)

        assert [len(loaded[split]) for split in SPLITS] == [400, 100, 300]

    def test_tasks_are_chosen_by_name(self):
        loaded = load(tasks=["srl", "pos"], train_sentences=8, validation_sentences=4, test_sentences=4)

        assert [task.name for task in loaded.tasks] == ["srl", "pos"]
        assert set(loaded["train"].column_names) == {"tokens", "pos", "srl", "domain", "sent_id"}

    def test_an_unknown_task_is_answered_with_the_known_ones(self):
        with pytest.raises(UserError, match=r"'demo'.*'xpos'.*pos, chunk, ner, srl"):
            load(tasks=["xpos"])

    @pytest.mark.parametrize("split", SPLITS)
    @pytest.mark.parametrize("size", [3, 0, -1])
    def test_a_domain_without_sentences_is_refused(self, split, size):
        with pytest.raises(UserError, match=rf"^corpus 'demo': {size} sentences for '{split}'; at least 4"):
            load_demo_corpus(**{f"{split}_sentences": size})


class TestLabels:
    def test_every_label_occurs_in_training(self, corpus):
        for task in TASKS:
            assert {i for layer in corpus["train"][task.name] for i in layer} == set(range(len(task.labels)))

    @pytest.mark.parametrize("layer", [2, 3])
    def test_spans_are_valid_iob2(self, sentences, layer):
        for sentence in sentences:
            for before, label in pairwise(["O", *(word[layer] for word in sentence)]):
                assert not label.startswith("I-") or before[2:] == label[2:], sentence

    def test_chunks_agree_with_parts_of_speech(self, sentences):
        contents = {
            "NP": lambda tags: bool(set(tags) & NOUNS),
            "VP": lambda tags: tags[-1].startswith("VB"),
            "PP": lambda tags: tags in (["IN"], ["TO"]),
            "SBAR": lambda tags: tags == ["IN"],
            "PRT": lambda tags: tags == ["RP"],
            "INTJ": lambda tags: tags == ["UH"],
            "ADJP": lambda tags: tags[-1] == "JJ",
            "ADVP": lambda tags: tags in (["RB"], ["WRB"]),
        }
        for sentence in sentences:
            for start, end, kind in spans([word[2] for word in sentence]):
                assert contents[kind]([word[1] for word in sentence[start:end]]), sentence

    def test_outside_chunks_are_punctuation_conjunctions_and_inverted_auxiliaries(self, sentences):
        outside = {word[1] for sentence in sentences for word in sentence if word[2] == "O"}
        inverted = {s[0][0] for s in sentences for w in s if w[2] == "O" and w[1] in ("VBZ", "VBD", "MD")}

        assert outside <= {".", ",", "CC", "VBZ", "VBD", "MD"}
        assert inverted <= {"Did", "Is", "Will", "Can", "May", "Should", "Might", "Who", "Where"}

    def test_every_preposition_and_verb_is_in_its_chunk(self, sentences):
        for sentence in sentences:
            for word, tag, chunk, *_ in sentence:
                if tag == "IN":
                    assert chunk in ("B-PP", "B-SBAR"), (word, sentence)
                if tag in ("VBN", "VBG", "VB"):
                    assert chunk in ("B-VP", "I-VP"), (word, sentence)

    def test_a_noun_phrase_follows_every_preposition(self, sentences):
        for sentence in sentences:
            for word, following in pairwise(sentence):
                assert word[2] != "B-PP" or following[2] == "B-NP", sentence

    def test_entities_are_names(self, sentences):
        for sentence in sentences:
            for start, end, kind in spans([word[3] for word in sentence]):
                tags = [word[1] for word in sentence[start:end]]
                if kind == "MISC":
                    assert tags == ["JJ"]
                else:
                    assert set(tags) <= ({"NNP", "IN"} if kind == "ORG" else {"NNP"})
                    assert tags[0] == tags[-1] == "NNP"

    def test_entities_do_not_cross_chunks(self, sentences):
        for sentence in sentences:
            chunk_of = {i: n for n, (s, e, _) in enumerate(spans([w[2] for w in sentence])) for i in range(s, e)}
            for start, end, kind in spans([word[3] for word in sentence]):
                within = {chunk_of[i] for i in range(start, end)}
                assert len(within) == (3 if "IN" in {w[1] for w in sentence[start:end]} else 1), (kind, sentence)

    def test_names_outside_entities_are_times_and_titles(self, sentences):
        words = {word for sentence in sentences for word, tag, _, ner, _ in sentence if tag == "NNP" and ner == "O"}

        assert words <= {
            "Mr.",
            "Ms.",
            "Dr.",
            "May",
            "March",
            "June",
            "April",
            "August",
            "Monday",
            "Tuesday",
            "Friday",
            "Sunday",
        }

    def test_predicates_are_verbs_and_end_their_chunk(self, sentences):
        for sentence in sentences:
            chunks = spans([word[2] for word in sentence])
            assert all(word[1].startswith("VB") for word in sentence if word[4] == "V"), sentence
            assert all(sentence[end - 1][4] == "V" for _, end, kind in chunks if kind == "VP"), sentence

    def test_arguments_are_heads(self, sentences):
        adverbial = {"RB", "WRB", "JJ"}
        for sentence in sentences:
            for _, tag, *_, role in sentence:
                if role not in ("O", "V"):
                    assert tag in NOUNS | adverbial, sentence

    def test_sentences_begin_with_no_small_letter_and_end_with_a_stop(self, sentences):
        assert all(not s[0][0][0].islower() and s[-1][0] in ".?" and s[-1][1] == "." for s in sentences)

    def test_the_article_fits_the_word_after_it(self, sentences):
        for sentence in sentences:
            for (word, tag, *_), (following, *_) in pairwise(sentence):
                if tag == "DT" and word.lower() in ("a", "an"):
                    assert (word.lower() == "an") == bool(re.match("[aeio]|un(?!i)", following.lower())), sentence


class TestDifficulty:
    def test_words_have_several_labels(self, sentences):
        expected = {
            "that": (1, {"DT", "IN", "WDT"}),
            "her": (1, {"PRP", "PRP$"}),
            "'s": (1, {"POS", "VBZ"}),
            "in": (1, {"IN", "RP"}),
            "there": (1, {"EX", "RB"}),
            "to": (2, {"B-PP", "I-VP"}),
            "may": (1, {"NNP", "MD"}),
            "light": (1, {"NN", "JJ"}),
            "cook": (1, {"NN", "VB", "VBP", "NNP"}),
            "washington": (3, {"B-PER", "I-PER", "B-LOC"}),
            "jordan": (3, {"B-PER", "B-LOC"}),
            "chase": (3, {"B-PER", "B-ORG"}),
        }
        found = defaultdict(set)
        for sentence in sentences:
            for word in sentence:
                for layer in (1, 2, 3):
                    found[word[0].lower(), layer].add(word[layer])
        for word, (layer, labels) in expected.items():
            assert labels <= found[word, layer], word

    def test_the_place_of_a_phrase_decides_its_role(self, sentences):
        roles = defaultdict(set)
        for sentence in sentences:
            for i, word in enumerate(sentence[:-1]):
                if word[2] == "B-PP":
                    head = next((w for w in sentence[i + 1 :] if w[1] in ("NN", "NNP", "NNS", "PRP")), None)
                    roles[word[0].lower()].add(head[4])
        assert roles["in"] >= {"O", "ARG2", "ARGM-LOC", "ARGM-TMP"}
        assert roles["with"] >= {"O", "ARG2", "ARGM-COM", "ARGM-MNR"}
        assert roles["by"] >= {"ARG0", "ARGM-LOC", "ARGM-TMP", "ARGM-MNR"}

    def test_participles_look_like_the_past(self, sentences):
        tags = defaultdict(Counter)
        for sentence in sentences:
            for word, tag, *_ in sentence:
                if tag in ("VBD", "VBN"):
                    tags[word.lower()][tag] += 1
        assert sum(min(counts["VBD"], counts["VBN"]) for counts in tags.values()) > 200

    def test_words_that_training_lacks_come_up(self, corpus):
        known = {token.lower() for tokens in corpus["train"]["tokens"] for token in tokens}
        for split in ("validation", "test"):
            words = [token.lower() for tokens in corpus[split]["tokens"] for token in tokens]
            assert 0.07 < sum(word not in known for word in words) / len(words) < 0.15

    @pytest.mark.parametrize("domain", DOMAINS)
    def test_another_domain_has_many_words_that_training_lacks(self, corpus, domain):
        source = corpus.domains.index(domain)
        known, foreign = set(), []
        for tokens, which in zip(corpus["train"]["tokens"], corpus["train"]["domain"], strict=True):
            known |= {token.lower() for token in tokens} if which == source else set()
        for tokens, which in zip(corpus["test"]["tokens"], corpus["test"]["domain"], strict=True):
            foreign += [] if which == source else [token.lower() for token in tokens]
        assert 0.25 < sum(word not in known for word in foreign) / len(foreign) < 0.5

    @pytest.mark.parametrize(("task", "low", "high"), [("pos", 0.8, 0.92), ("chunk", 0.75, 0.87), ("srl", 0.7, 0.86)])
    def test_words_alone_do_not_decide(self, corpus, task, low, high):
        right, expected, _ = majority(corpus, task)

        assert low < right / expected < high

    @pytest.mark.parametrize(("task", "high"), [("chunk", 0.72), ("ner", 0.6)])
    def test_words_alone_find_too_few_spans(self, corpus, task, high):
        *_, f1 = majority(corpus, task)

        assert 0.3 < f1 < high


def majority(corpus, name):
    """Correct words, words and span F1 of the majority tagger on the test split."""
    task = next(task for task in TASKS if task.name == name)
    tagger = MajorityTagger.fit(corpus["train"], [task])
    right, words, common, marked = 0, 0, 0, 0
    for tokens, layer in zip(corpus["test"]["tokens"], corpus["test"][name], strict=True):
        expected, predicted = [task.labels[i] for i in layer], tagger.predict(tokens)[name]
        right += sum(map(str.__eq__, expected, predicted))
        words += len(tokens)
        wanted, found = set(spans(expected)), set(spans(predicted))
        common += len(wanted & found)
        marked += len(wanted) + len(found)
    return right, words, 2 * common / marked if marked else 0.0
