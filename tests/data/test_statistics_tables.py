from __future__ import annotations

import io

import pytest
from rich.console import Console

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.statistics import describe
from hf_sluice.data.statistics_tables import statistics_tables
from hf_sluice.tasks import Task


def cells(table) -> list[list[str]]:
    """The rows of a table, head included, as text."""
    columns = [[str(column.header), *map(str, column.cells)] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


@pytest.fixture(scope="module")
def statistics():
    return describe(load_demo_corpus(train_sentences=1200, validation_sentences=40, test_sentences=40))


@pytest.fixture(scope="module")
def tables(statistics):
    return statistics_tables(statistics)


def test_there_is_an_overview_and_a_table_per_task(tables):
    assert [str(table.title).split(",")[0] for table in tables] == [
        "Corpus",
        "pos: classification",
        "chunk: classification",
        "ner: classification",
        "srl: classification",
    ]


def test_the_overview_has_a_row_per_split_and_domain(statistics, tables):
    head, *rows = cells(tables[0])

    assert head == ["split", "domain", "sentences", "words", "mean length", "types", "unknown words"]
    assert len(rows) == len(statistics.groups) == 15
    for row, group in zip(rows, statistics.groups, strict=True):
        assert row[:4] == [group.split, group.domain or "all", f"{group.sentences:,}", f"{group.words:,}"]
        rate = group.unknown_word_rate
        assert row[6] == ("-" if rate is None else f"{100 * rate:.1f} %")


def test_the_overview_fits_a_narrow_terminal(tables):
    console = Console(file=io.StringIO(), width=80)
    console.print(tables[0])

    assert "…" not in console.file.getvalue()


def test_gaps_have_a_table_where_there_are_any():
    sentences = [
        Sentence(["a"], {"pos": ["X"], "ner": None}, "1", "news"),
        Sentence(["a"], {"ner": ["O"]}, "2", "chat"),
    ]
    tasks = [Task("pos"), Task("ner")]
    _overview, gaps, *per_task = statistics_tables(describe(assemble({"train": [*sentences, sentences[0]]}, tasks)))

    assert len(per_task) == len(tasks)
    assert cells(gaps) == [
        ["split", "domain", "pos", "ner"],
        ["train", "all", "1", "2"],
        ["train", "chat", "1", "0"],
        ["train", "news", "0", "2"],
    ]


def test_a_task_has_a_row_per_label_the_frequent_ones_first(statistics, tables):
    head, words, entropy, *labels = cells(tables[1])

    assert head == ["", "train", "validation", "test"]
    assert words[0] == "labelled words"
    assert entropy[1] == f"{statistics.groups[0].layers[0].entropy:.3f}"
    assert {row[0]: int(row[1].replace(",", "")) for row in labels} == statistics.groups[0].layers[0].labels
    counts = [int(row[1].replace(",", "")) for row in labels]
    assert counts == sorted(counts, reverse=True)


def small(sentence: Sentence, task: Task):
    return statistics_tables(describe(assemble({"train": [sentence]}, [task])))


def test_regression_has_mean_and_deviation():
    task = Task("gaze", kind="regression", metric="spearman")

    assert cells(small(Sentence(["a", "b"], {"gaze": [1.0, 2.0]}, "1"), task)[1]) == [
        ["", "train"],
        ["labelled words", "2"],
        ["mean", "1.500"],
        ["standard deviation", "0.500"],
    ]


def test_domains_without_sentences_have_no_row():
    corpus = assemble(
        {
            "train": [Sentence(["a"], {"pos": ["X"]}, "1", "news")],
            "test": [Sentence(["a"], {"pos": ["X"]}, "2", "chat")],
        },
        [Task("pos")],
    )

    assert [row[:2] for row in cells(statistics_tables(describe(corpus))[0])[1:]] == [
        ["train", "all"],
        ["train", "news"],
        ["test", "all"],
        ["test", "chat"],
    ]


def test_brackets_in_labels_are_printed_as_they_are():
    console = Console(file=io.StringIO(), width=80)
    console.print(small(Sentence(["a"], {"pos": ["[bold]"]}, "1"), Task("pos"))[1])

    assert "[bold]" in console.file.getvalue()
