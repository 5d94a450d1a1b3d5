from __future__ import annotations

from collections import Counter

from hf_sluice.data.corpora.masc_notes import notes
from hf_sluice.data.corpora.selection import Incomplete
from hf_sluice.data.sentence import Sentence
from hf_sluice.tasks import Task

SENTENCES = [
    Sentence(["a", "b"], {"pos": ["X", "Y"], "srl": ["O", None]}, "1"),
    Sentence(["c"], {"pos": ["X"], "srl": None}, "2"),
]


def said(*tasks: str, incomplete: Incomplete = Incomplete.KEEP, **faults: dict[str, int]) -> list[str]:
    counted = {task: Counter(counts) for task, counts in faults.items()}
    return list(notes(SENTENCES, [Task(task) for task in tasks], incomplete, 4, counted))


def test_shares_of_words_and_sentences():
    assert said("srl", "pos") == [
        "3 of 4 (75.00 %) words of MASC lie in sentences; the others are left out",
        "srl: 1 of 2 (50.00 %) sentences carry the layer",
        "srl: 1 of 2 (50.00 %) words of these sentences are masked",
        "pos: silver data, the tags of a tagger",
        "1 of 2 (50.00 %) sentences carry all tasks asked for; the others are kept with None for what they lack",
    ]
    assert said("srl", incomplete=Incomplete.DROP)[-1].endswith("the others are left out")
    assert not any("all tasks" in note for note in said("pos"))


def test_what_was_counted_is_said_with_its_task():
    lines = said("srl", **{"": {"quotation": 1_000, "token in another": 0}, "srl": {"faulty skeleton": 2}})
    assert "1,000 regions of the sentence layer are quotations and no sentences" in lines
    assert "srl: 2 sentences of PropBank are malformed and left out" in lines
    assert not any("word before them" in line for line in lines)
