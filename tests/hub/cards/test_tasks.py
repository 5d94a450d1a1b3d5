from __future__ import annotations

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.cards.tasks import label_sets, task_words, tasks_table
from hf_sluice.tasks import Task
from tests.hub.cards.small_records import AGE, NER, POS, full_record, record_of


def test_tasks_are_told_by_what_they_give():
    crf = Task("ner", NER.labels, scheme="IOB2", metric="span_f1", decoder="linear_crf", weight=0.5)

    assert tasks_table(record_of((POS, crf, AGE))).rows == (
        ("pos", "one of 3 labels", "-", "mlp", "accuracy", "1"),
        ("ner", "one of 5 labels", "IOB2", "linear + CRF", "span F1", "0.5"),
        ("age", "a number", "-", "mlp", "mean squared error", "1"),
    )


def test_label_sets_are_folded_in_the_order_of_their_ids_with_their_counts():
    (known,), alone = label_sets(full_record((POS,))), label_sets(record_of((POS, AGE)))

    assert known == (
        "<details>\n<summary>The labels of pos, in the order of their ids, with their number in training</summary>\n\n"
        "DT (0) · NN (20) · VB (40)\n\n</details>"
    )
    assert [text.split("\n")[3] for text in alone] == ["DT · NN · VB"]


def test_labels_stay_text():
    (text,) = label_sets(record_of((Task("pos", ("</details>", "a|b", "*", "\n# x")),)))

    assert text.split("\n")[3] == "`</details>` · `a|b` · `*` · `⟨U+000A⟩# x`"


def test_the_tasks_of_corpora_that_are_known_are_told_in_words():
    several = Sources((source_of("gum"), source_of("ewt")))

    assert task_words(record_of(), Sources((source_of("wnut17"),))) == [
        "ner: names of corporations, creative works, groups, places, persons and products"
    ]
    assert task_words(record_of((POS,)), several) == [
        f"pos: part-of-speech tags of the Penn Treebank ({source_of(name).title})" for name in ("gum", "ewt")
    ]
    assert task_words(record_of(), Sources()) == []
