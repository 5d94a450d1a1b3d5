from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from hf_sluice.experiments.relations.affinity_report import add_affinity, affinity_worth
from hf_sluice.experiments.relations.affinity_run import affinity_point
from hf_sluice.experiments.reports.document import Document
from hf_sluice.experiments.runner import Runner
from tests.experiments.tiny_experiment import Here, Log

PAIRS = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")]


def tables(gains, affinities, verdicts=("gain",) * 6):
    main, auxiliary = zip(*PAIRS, strict=True)
    both = {"main": main, "auxiliary": auxiliary}
    own = {"main": ["a"], "auxiliary": ["a"], "affinity": [9.0]}
    affinity = pd.concat([pd.DataFrame({**both, "affinity": affinities}), pd.DataFrame(own)])
    return affinity, pd.DataFrame({**both, "gain": gains, "verdict": verdicts})


def test_signs_and_ranks_are_counted_over_all_pairs_and_over_decided_ones():
    gains, affinities = [1.0, 2.0, 3.0, -1.0, -2.0, -3.0], [1.0, 2.0, 3.0, 0.5, -2.0, -3.0]
    verdicts = ("gain", "gain", "gain", "undecided", "loss", "loss")
    everything, decided = affinity_worth(*tables(gains, affinities, verdicts)).rows
    assert everything[:4] == ("all, by sign", "6", "0.83", "0.50")
    assert everything[4].startswith("+1.00 (p ")
    assert decided[:4] == ("decided", "5", "1.00", "0.60")


def test_where_nothing_is_decided_nothing_is_said():
    worth = affinity_worth(*tables([1.0] * 6, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], ("undecided",) * 6))
    assert worth.rows[1] == ("decided", "0", "-", "-", "-")
    assert worth.rows[0][4] == "-"


@pytest.fixture
def measured(finished_study):
    study = replace(finished_study, together=affinity_point(finished_study.recipe, 1))
    watcher = Log()
    Runner(study.store, Here(), watcher).make(study.missing)
    assert not watcher.given_up
    return study


def report(study, folder):
    gains = pd.DataFrame({"main": ["pos"], "auxiliary": ["ner"], "gain": [1.0], "verdict": ["gain"]})
    document = Document("report")
    add_affinity(document, study, gains)
    document.write(folder)
    return (folder / "report.md").read_text(encoding="utf-8")


def test_the_report_shows_what_the_run_measured_and_what_it_cost(measured, tmp_path):
    assert measured.num_runs == len(measured.points) + 1
    assert not measured.missing
    text = report(measured, tmp_path)
    assert "## Affinity" in text
    assert "60 batches, all pairs 240" in text.replace("\n", " ")
    assert (tmp_path / "affinity.png").exists()


def test_a_study_without_such_a_run_says_nothing_of_it(finished_study, tmp_path):
    assert "Affinity" not in report(finished_study, tmp_path)
    unfinished = replace(finished_study, together=affinity_point(finished_study.recipe, 99))
    assert unfinished.missing == [unfinished.together]
    assert "Affinity" not in report(unfinished, tmp_path)
