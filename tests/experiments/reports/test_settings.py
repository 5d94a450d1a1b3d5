from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from hf_sluice.experiments.reports.settings import ReportSettings, TasksReport
from tests.experiments.reports.small_results import DOMAINS, SYSTEMS, experiment_of

AXES = {"system": SYSTEMS, "source": DOMAINS}
DOMAIN_FORM = {"form": "domains", "main_task": "chunk"}
TASKS_FORM = {"form": "tasks", "tasks": ["chunk"]}
SPARSITY_FORM = {"form": "sparsity", "tasks": ["chunk"]}


def test_the_form_says_what_else_may_stand_there():
    with pytest.raises(ValidationError, match="main_task"):
        TypeAdapter(ReportSettings).validate_python({"form": "sharing_ratio"})
    with pytest.raises(ValidationError, match="pie"):
        TypeAdapter(ReportSettings).validate_python({"form": "pie"})
    with pytest.raises(ValidationError, match="tasks"):
        TypeAdapter(ReportSettings).validate_python({**DOMAIN_FORM, "tasks": ["chunk"]})


@pytest.mark.parametrize(
    ("report", "axes", "message"),
    [
        ({**DOMAIN_FORM, "system_axis": "model"}, AXES, "there is no axis 'model'; the axes are system, source"),
        ({**DOMAIN_FORM, "source_axis": None}, AXES, "this form does not show axis 'source', only system"),
        (DOMAIN_FORM, {"system": SYSTEMS}, "there is no axis 'source'; the axes are system"),
        (
            {**DOMAIN_FORM, "compared": "slice"},
            AXES,
            "report.compared: 'slice' is not one of single task, hard sharing",
        ),
        (
            {**DOMAIN_FORM, "published": {"source": "x", "blocks": {"In-domain": {"best": {"average": 1}}}}},
            AXES,
            "report.published: 'best' is not one of single task",
        ),
        ({"form": "ablation", "main_task": "chunk"}, AXES, "there is no axis 'variant'"),
        (
            {"form": "tasks", "tasks": ["chunk"], "rows": {"alone": ["a"]}},
            {"system": SYSTEMS},
            "rows.alone: 'a' is not",
        ),
        ({"form": "sharing_ratio", "main_task": "pos"}, {"auxiliary": ["a"]}, "there is no axis 'n'"),
        (
            {"form": "sharing_ratio", "main_task": "pos"},
            {"auxiliary": ["a"], "n": ["many"]},
            "values of axis 'n' should be numbers above 0, not 'many'",
        ),
        ({"form": "learning_curves", "task": "noise"}, AXES, "this form does not show axis 'source', only system"),
        ({**TASKS_FORM, "delta_over": "alone"}, {"system": SYSTEMS}, "report.delta_over: 'alone' is not one of single"),
        (
            {**TASKS_FORM, "over": "sentences", "published": {"source": "x", "blocks": {"All domains": {}}}},
            {"system": SYSTEMS},
            "report.published.blocks: 'All domains' is not one of All test sentences, Sparsity, Overlap ratio",
        ),
        (SPARSITY_FORM, {}, "this form needs a search_axis or a sparsity_axis"),
        ({**SPARSITY_FORM, "search_axis": "kind"}, {"n": ["1"]}, "there is no axis 'kind'; the axes are n"),
        (
            {**SPARSITY_FORM, "sparsity_axis": "n"},
            {"n": ["0.5"], "kind": ["a"]},
            "this form does not show axis 'kind', only n",
        ),
        *(
            (
                {**SPARSITY_FORM, "sparsity_axis": "n"},
                {"n": ["1.0", wrong]},
                f"values of axis 'n' should be numbers above 0 and up to 1, not '{wrong}'",
            )
            for wrong in ("0", "1.1", "half", "nan")
        ),
        ({"form": "overlap_gain"}, {"system": SYSTEMS}, "there is no axis 'pair'; the axes are system"),
        (
            {"form": "overlap_gain", "baseline": "soft"},
            {"pair": ["a & b"], "system": SYSTEMS},
            "report.baseline: 'soft' is not one of single task",
        ),
        (
            {"form": "overlap_gain", "published": {"source": "x", "pairs": {"b & a": {"overlap": 0.5, "gain": 1}}}},
            {"pair": ["a & b"], "system": SYSTEMS},
            "report.published.pairs: 'b & a' is not one of a & b",
        ),
    ],
)
def test_what_does_not_fit_the_axes_is_named_before_any_run(report, axes, message):
    with pytest.raises(ValidationError, match=message):
        experiment_of(report, axes)


def test_rows_stand_for_values_and_the_others_for_themselves():
    settings = TasksReport(form="tasks", tasks=["chunk"], rows={"alone": ["chunk alone", "pos alone"]})
    axes = {"system": {"chunk alone": {}, "hard": {}, "pos alone": {}, "sluice": {}}}

    assert settings.systems(axes) == ["alone", "hard", "sluice"]
    settings.check(axes)
