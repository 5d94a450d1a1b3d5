from __future__ import annotations

from hf_sluice.analysis.figure_file import save_figure
from hf_sluice.analysis.task_relations.advice_figure import advice_figure
from tests.analysis.task_relations.advised import LONG, advice


def test_bars_are_the_probabilities_in_order():
    given = advice()
    bars = advice_figure(given).axes[0]
    assert [bar.get_width() for bar in bars.patches] == [task.probability for task in given.auxiliaries]
    assert [label.get_text() for label in bars.get_yticklabels()] == [task.name for task in given.auxiliaries]


def test_cells_are_what_the_features_contribute():
    given = advice()
    cells = advice_figure(given).axes[1]
    shown = cells.images[0].get_array()
    features = [label.get_text() for label in cells.get_xticklabels()]
    assert len(features) == len(set(features)) == 10
    for row, task in enumerate(given.auxiliaries):
        of_task = {reason.feature: reason.log_odds for reason in task.reasons}
        assert [shown[row, column] for column in range(10)] == [of_task[feature] for feature in features]
    strongest = max((r for task in given.auxiliaries for r in task.reasons), key=lambda reason: abs(reason.log_odds))
    assert features[0] == strongest.feature


def test_one_candidate_and_long_names_are_drawn(tmp_path):
    for number, names in enumerate([("ner", "pos"), (LONG, f"{LONG}_2")]):
        save_figure(advice_figure(advice(names)), tmp_path / f"{number}.png")
        assert (tmp_path / f"{number}.png").stat().st_size > 1000
