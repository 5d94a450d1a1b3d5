from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import pytest

from hf_sluice.hub.cards.scores import CardScores
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.cards.summary import summary
from hf_sluice.tasks import Task
from tests.hub.cards.small_records import AGE, NER, POS, TOKENIZER, full_record, new_sparse_model, record_of, rows_of
from tests.training.tiny_training import new_model


def summary_of(record):
    return summary(record, Sources.of_recipe(record.recipe), CardScores.of(record))


def test_a_model_is_told_by_what_it_does_on_what_and_how_well():
    purpose, quality, sharing = summary_of(full_record())
    change = mean_f1("all", wrong=1) - mean_f1("all")

    assert purpose == (
        "A sluice network ([Ruder et al. 2019](https://arxiv.org/abs/1705.08142)) that gives every word of a text its "
        "labels for 2 tasks at once: pos and ner. It was trained on 10 sentences (100 words) of Demo corpus of "
        "hf_sluice: sentences made by a grammar. Domains trained on: blog and news; chat was held out."
    )
    assert quality == (
        "On test sentences of the domains trained on (mean over the domains) it scores pos 75.00 % accuracy and ner "
        f"{100 * mean_f1('blog', 'news'):.2f} % span F1. On test sentences of the domain held out it scores pos 60.00 "
        f"% accuracy and ner {100 * mean_f1('chat'):.2f} % span F1. Against one model per task, trained in the same "
        f"way, the differences are (all test sentences, percentage points): pos −10.00 and ner −{100 * change:.2f}."
    )
    assert sharing.startswith("Every network draws")


def mean_f1(*domains, wrong=2):
    """Of the made-up results."""
    main = [row for row in rows_of((NER,), wrong=wrong) if row.metric == "span_f1" and row.span_type is None]
    return fmean(row.value for row in main if row.domain in domains)


def test_of_a_model_alone_only_the_model_is_told():
    purpose, sharing = summary_of(record_of())

    assert purpose.endswith("its labels for 2 tasks at once: pos and ner.")
    assert sharing


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ((POS,), "its labels for one task, pos."),
        ((AGE,), "its numbers for one task, age."),
        ((POS, AGE), "its labels and numbers for 2 tasks at once: pos and age."),
    ],
)
def test_labels_and_numbers_are_told_apart(tasks, words):
    assert words in summary_of(full_record(tasks))[0]


def test_regression_scores_are_told_in_their_own_unit():
    quality = summary_of(full_record((AGE,)))[1]

    assert "age 0.2500 mean squared error" in quality
    assert "(all test sentences, mean squared error): age +0.10" in quality


@pytest.mark.parametrize(
    ("domains", "trained", "words"),
    [
        (("blog",), ("blog",), "Domain trained on: blog."),
        (("blog", "a", "b"), ("blog",), "Domain trained on: blog; a and b were held out."),
    ],
)
def test_domains_are_counted_right(domains, trained, words):
    purpose, quality, _ = summary_of(full_record((POS,), domains=domains, trained=trained))

    assert purpose.endswith(words)
    assert quality.startswith("On test sentences of the domain trained on it scores")


def test_without_domains_there_is_one_score_for_all():
    purpose, quality, _ = summary_of(full_record((POS,), domains=(), trained=()))

    assert "omain" not in purpose.removesuffix("by a grammar.").split("It was")[1]
    assert quality.startswith("On the test sentences it scores pos 80.00 % accuracy.")


def test_undefined_scores_are_left_out():
    record = full_record((POS,))
    for splits in record.results["scores"].values():
        splits["test"] = [replace(row, value=None) for row in splits["test"]]

    assert len(summary_of(record)) == 2


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (
            new_sparse_model((POS, NER)),
            "A sparse-sharing model ([Sun et al. 2020](https://arxiv.org/abs/1911.05034)) that",
        ),
        (new_model(TOKENIZER, (POS, NER), sharing="hard_sharing"), "A tagger with hard sharing that"),
        (new_model(TOKENIZER, (POS, NER), sharing="cross_stitch"), "A tagger (cross stitch) that"),
    ],
)
def test_the_way_of_sharing_is_named(model, words):
    assert summary_of(record_of(model=model))[0].startswith(words)


def test_names_stay_text():
    record = full_record((Task("pos", ("A", "B", "C")),), domains=("<b>", "*x*"), trained=("<b>",))

    assert "Domain trained on: `<b>`; `*x*` was held out." in summary_of(record)[0]


def test_what_another_model_learned_is_told_with_its_name():
    record = full_record()
    given = {"source": "user/a_b", "revision": None, "sha256": "0123456789abcdef" * 4, "learn": "frozen", "tasks": {}}
    frozen, begun = (
        summary_of(replace(record, results={**record.results, "architecture": {**given, **other}}))[-1]
        for other in ({}, {"learn": "start", "revision": "v2"})
    )

    assert frozen.startswith(
        "What it shares was learned by another model, user/a_b, and was kept as it is (architecture 0123456789ab). "
    )
    assert begun.startswith("What it shares was learned by another model, user/a_b at v2, and was learned further (")
