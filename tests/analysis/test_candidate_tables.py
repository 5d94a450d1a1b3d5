from __future__ import annotations

from hf_sluice.analysis.candidate_tables import candidates_table
from hf_sluice.training.pruning.candidates import Candidate

CANDIDATES = [
    Candidate(0, 1.0, 12345, 0.9, 0.9, 0.25, 3.0),
    Candidate(1, 0.7004, 8642, 0.95, 0.95, 0.5, 3.0),
    Candidate(2, 0.49, 6050, 0.0, None, 0.75, 3.0),
]


def test_candidates_stand_round_by_round_with_the_chosen_one_marked():
    table = candidates_table("ner", CANDIDATES, CANDIDATES[1])

    assert table.title == "Candidates for ner"
    assert table.rows == (
        ("0", "100.0 %", "12,345", "0.9000", "0.2500", ""),
        ("1", "70.0 %", "8,642", "0.9500", "0.5000", "◀"),
        ("2", "49.0 %", "6,050", "-", "0.7500", ""),
    )


def test_a_score_that_is_better_when_smaller_is_given_as_the_metric_gives_it():
    (row,) = candidates_table("length", [Candidate(0, 1.0, 10, -2.5, 2.5, 0.1, 1.0)], CANDIDATES[0]).rows

    assert row[3] == "2.5000"
