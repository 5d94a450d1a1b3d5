from __future__ import annotations

from hf_sluice.analysis.task_relations.definitions import BY_NAME, FEATURES, PAPER_FEATURES, PERCENTS, feature_names


def test_the_paper_has_fourteen_features_of_a_task():
    assert len(PAPER_FEATURES) == 14
    assert len(feature_names("data")) == 7
    assert [name for name in PAPER_FEATURES if name.startswith("gradient_")] == [f"gradient_{p}" for p in PERCENTS]
    assert PAPER_FEATURES[-2:] == ["curve_a", "curve_c"]


def test_every_feature_says_what_it_is():
    assert len(BY_NAME) == len(FEATURES)
    for feature in FEATURES:
        assert feature.definition.endswith((".", ".)"))
        assert feature.unit
        assert feature.source


def test_errors_stand_beside_what_is_smoothed():
    assert {feature.name for feature in FEATURES if feature.has_error} == set(feature_names("smoothed", "score"))
