from __future__ import annotations

import json

import numpy as np
import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.experiment import Experiment
from hf_sluice.experiments.grid import points
from hf_sluice.experiments.reports.finished import FinishedExperiment
from hf_sluice.experiments.reports.observations import observations
from hf_sluice.experiments.reports.records import read_records
from hf_sluice.experiments.reports.settings import AnalysisReport
from hf_sluice.experiments.reports.write import write_report
from tests.experiments.reports.small_results import experiment_of, results_of, runs_of, table_below, tables_of

SOURCES = ("answers", "email", "news", "reviews", "web")
SYSTEMS = ("single task", "sluice")
SETTINGS = AnalysisReport(form="analysis", experiments={"made_up": "chunk"})


def made_up_experiment():
    settings = {"form": "domains", "main_task": "chunk"}
    return experiment_of(settings, {"system": SYSTEMS, "source": SOURCES}, seeds=(1, 2))


def place(values):
    return SOURCES.index(values["source"])


def score(values, seed, _task, domain):
    """Sluice halves the error in the first domain, and takes a fifth less of it in each that follows."""
    error = 0.4 + seed / 100 + 0.1 * (domain in SOURCES[:2])
    return 1 - error * (1 - 0.5 * 0.8 ** place(values) * (values["system"] == "sluice"))


def alpha_of(point):
    """The main task, the first, draws more from the other where there are more words; seeds differ by 0.02."""
    other = 0.1 * (place(point.values) + 1) + point.recipe.seed / 50
    return [[[0.4, 0.6, other, -other], [0.4, 0.6, other, other], [0.1] * 4, [0.1] * 4]] * 2


def characteristics_of(point):
    words = 100 * (place(point.values) + 1)
    return {
        "sentences": 10,
        "words": words,
        "unknown words out-of-domain": None,
        "label entropy of chunk": words / 1000,
        "label entropy of pos": 2.0,
        "label entropy of unused": 9.0,
    }


def records_of(experiment):
    beta = [[0.25, 0.75], [0.5, 0.5]]
    return runs_of(experiment, alpha=alpha_of, beta=beta, characteristics=characteristics_of)


def finished():
    experiment = made_up_experiment()
    runs = read_records(json.loads(json.dumps(records_of(experiment))))
    return FinishedExperiment("made_up", "chunk", results_of(experiment, score, domains=SOURCES), runs)


def write_finished(folder):
    experiment = made_up_experiment()
    (folder / "made_up").mkdir()
    results = results_of(experiment, score, domains=SOURCES)
    (folder / "made_up/results.jsonl").write_text(results.to_json(orient="records", lines=True), encoding="utf-8")
    lines = "".join(json.dumps(run) + "\n" for run in records_of(experiment))
    (folder / "made_up/runs.jsonl").write_text(lines, encoding="utf-8")


def analysis_of(**settings):
    report = {"form": "analysis", "experiments": {"made_up": "chunk"}, **settings}
    content = {"title": "Found", "name": "analysis", "recipe": {"tasks": ["pos"]}, "axes": {}, "seeds": []}
    return Experiment.model_validate({**content, "report": report})


def report_of(folder, **settings):
    paths = write_report(analysis_of(**settings), None, [], folder / "analysis")
    text = (folder / "analysis/report.md").read_text(encoding="utf-8")
    tables_of(text)
    assert [path.name for path in paths] == ["report.md", "alpha_made_up.png", "beta_made_up.png"]
    assert all(path.exists() and f"]({path.name})" in text for path in paths[1:])
    return text


def test_an_observation_is_a_source_averaged_over_seeds():
    data, outcomes = observations(finished(), SETTINGS)

    assert list(data.index) == list(outcomes.index) == list(SOURCES)
    assert list(data["words"]) == [100, 200, 300, 400, 500]
    assert data["unknown words out-of-domain"].isna().all()
    assert list(outcomes["α from other tasks, layer 1"]) == pytest.approx([0.13, 0.23, 0.33, 0.43, 0.53])
    assert list(outcomes["α from itself, layer 2"]) == pytest.approx([0.5] * 5)
    assert list(outcomes["β, layer 2"]) == pytest.approx([0.75] * 5)


def test_entropies_are_named_by_the_tasks_part():
    data, _ = observations(finished(), SETTINGS)

    assert list(data["label entropy, main task"]) == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert list(data["label entropy, auxiliary tasks"]) == [2.0] * 5  # not those of a task that the run did not have
    assert not any("unused" in name for name in data)


def test_gains_are_error_reductions_over_the_baselines_that_there_are():
    _, outcomes = observations(finished(), SETTINGS)
    gains = [name for name in outcomes if name.startswith("gain")]

    assert gains == ["gain over single task, in-domain", "gain over single task, out-of-domain"]
    for name in gains:
        assert list(outcomes[name]) == pytest.approx([0.5 * 0.8**number for number in range(5)])


def test_a_missing_score_leaves_no_gain():
    whole = finished()
    gone = (whole.results["source"] == "email") & (whole.results["domain"] == "web") & (whole.results["seed"] == 1)
    whole.results.loc[gone & (whole.results["system"] == "sluice"), "value"] = np.nan
    _, outcomes = observations(whole, SETTINGS)

    assert np.isnan(outcomes["gain over single task, out-of-domain"]["email"])
    assert outcomes["gain over single task, in-domain"].notna().all()


def test_what_goes_together_is_found_and_what_is_constant_left_out(tmp_path):
    write_finished(tmp_path)
    text = report_of(tmp_path)
    heads, *rows = table_below(text, "Spearman's ρ")
    found = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}

    # All that varies goes together here: 2 characteristics by 2 gains and 2 layers of α, each with p = 2/5!
    assert "Observations: 5. Tests: 8, of which 8 have p < 0.05" in text
    assert found["gain over single task, in-domain"]["words"] == "**-1.00**"
    assert found["α from other tasks, layer 2"]["words"] == "**+1.00**"
    assert found["gain over single task, in-domain"]["sentences"] == "-"
    assert found["β, layer 1"]["words"] == "-"
    assert table_below(text, "The 8 tests")[1][2:] == ["-1.00", "5", "0.017", "0.017"]


def test_alpha_and_beta_are_shown_with_their_spread(tmp_path):
    write_finished(tmp_path)
    text = report_of(tmp_path)
    drawn = {row[0]: row[1:] for row in table_below(text, "Mean |α| between tasks")[1:]}

    assert drawn["chunk ← chunk"] == ["0.500 ± 0.000"] * 2
    assert drawn["pos ← chunk"] == ["0.100 ± 0.000"] * 2
    values = [0.1 * place + 0.02 * seed for place in range(1, 6) for seed in (1, 2)]
    assert drawn["chunk ← pos"] == [f"{np.mean(values):.3f} ± {np.std(values, ddof=1):.3f}"] * 2
    assert table_below(text, "β: task reads layer")[1] == ["chunk", "0.250 ± 0.000", "0.750 ± 0.000"]


def test_runs_of_different_sizes_have_no_mean(tmp_path):
    write_finished(tmp_path)
    lines = (tmp_path / "made_up/runs.jsonl").read_text(encoding="utf-8").splitlines()
    last = {**json.loads(lines[-1]), "alpha": alpha_of(next(iter(points(made_up_experiment(), "test"))))[:1]}
    text = "\n".join([*lines[:-1], json.dumps(last)])
    (tmp_path / "made_up/runs.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="the runs of made_up differ in their tasks or sizes; α has no mean"):
        report_of(tmp_path)


def test_what_was_read_is_told_first(tmp_path):
    write_finished(tmp_path)
    text = report_of(tmp_path, published="it goes together")

    assert text.startswith("# Found\n\n## What was read\n")
    assert (
        "- [made_up](../made_up/report.md): main task chunk, 10 runs of sluice of 20, seeds 1, 2, commit abc1234\n"
        in text
    )
    assert "Published: it goes together" in text


def test_results_that_are_not_there_or_damaged_are_named(tmp_path):
    with pytest.raises(UserError, match=r"made_up/results\.jsonl: .* run that experiment first$"):
        report_of(tmp_path)
    write_finished(tmp_path)
    with pytest.raises(UserError, match="made_up has no run of 'cross-stitch'"):
        report_of(tmp_path, system="cross-stitch")
    (tmp_path / "made_up/runs.jsonl").write_text('{"key": 1}\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"runs\.jsonl: damaged \(0?\.?key"):
        report_of(tmp_path)
    (tmp_path / "made_up/results.jsonl").write_text('{"key"', encoding="utf-8")
    with pytest.raises(UserError, match=r"results\.jsonl: damaged"):
        report_of(tmp_path)
