from __future__ import annotations

import pytest

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.hub.cards.data_section import licence_words, sizes_table, source_lines
from hf_sluice.hub.cards.sources import Sources
from tests.hub.cards.small_records import POS, full_record, record_of


def sources(*names, **fields):
    return Sources(tuple(map(source_of, names)), **fields)


def test_a_corpus_is_linked_and_its_licence_told():
    (line,) = source_lines(sources("wnut17"))

    assert line == (
        "[WNUT-17, emerging and rare entities](https://github.com/leondz/emerging_entities_17). Licence: Creative "
        "Commons Attribution 4.0."
    )
    assert "](" not in next(source_lines(sources("demo")))


def test_what_is_not_known_is_said():
    lines = list(source_lines(Sources(unknown=("columns", "datasets"), hub_ids=("user/corpus",))))

    assert lines == [
        "[user/corpus](https://huggingface.co/datasets/user/corpus): its page says its licence.",
        "Files of those who trained it (read as columns). Their licence is not on record.",
    ]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (sources("ewt"), "so the weights are under the same (`cc-by-sa-4.0`)."),
        (sources("wnut17"), "The weights are under the licence of the data (`cc-by-4.0`)."),
        (sources("gum"), "see to it that your use fits their licences."),
        (sources("ewt", unknown=("columns",)), "has to ask those who trained them"),
        (Sources(), "has to ask those who trained them"),
    ],
)
def test_no_more_is_claimed_of_the_licence_than_follows(found, words):
    assert words in licence_words(found)


def test_sizes_stand_by_split_and_domain():
    table = sizes_table(full_record((POS,)))

    assert table.columns == ("domain", "train", "validation", "test")
    assert table.rows == (
        ("blog", "10 (100)", "10 (100)", "10 (100)"),
        ("news", "10 (100)", "10 (100)", "10 (100)"),
        ("chat", "-", "-", "10 (100)"),
        ("*all*", "10 (100)", "10 (100)", "10 (100)"),
    )


def test_of_a_model_alone_there_are_none():
    assert sizes_table(record_of()) is None
