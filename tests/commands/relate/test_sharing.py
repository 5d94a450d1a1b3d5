from __future__ import annotations

import json
import shutil

import pandas as pd

TASKS = ["pos", "chunk", "ner", "srl", "mwe"]


def features(folder, tasks=TASKS):
    path = folder / "features.tsv"
    table = pd.DataFrame({"task": tasks, "labels": range(3, 3 + len(tasks)), "label_entropy": [0.1] * len(tasks)})
    table.to_csv(path, sep="\t", index=False)
    return path


def sparse(folder, demo_run, tasks=TASKS):
    """A finished run whose tasks' masks overlap the more, the more labels both have."""
    run = folder / "run"
    shutil.copytree(demo_run, run)
    results = json.loads((run / "results.json").read_text(encoding="utf-8"))
    for name in ("alpha", "beta"):
        results.pop(name, None)
    pairs = [[a, b, 0.1 * (i + j)] for i, a in enumerate(tasks) for j, b in enumerate(tasks) if i < j]
    results["masks"] = {"pairs": pairs}
    (run / "results.json").write_text(json.dumps(results), encoding="utf-8")
    return run


def test_features_are_held_against_the_overlap_of_masks(hf_sluice, demo_run, tmp_path):
    out = tmp_path / "correlations.tsv"
    done = hf_sluice("relate", "sharing", features(tmp_path), sparse(tmp_path, demo_run), "-o", out)
    table = pd.read_csv(out, sep="\t").set_index("feature")

    assert done.code == 0
    assert table.loc["mean of both labels", "rho"] == 1
    assert table.loc["mean of both labels", "observations"] == 10
    assert not table.index.str.contains("entropy").any()
    assert "mean of both labels" in done.out


def test_runs_and_features_that_say_nothing_are_refused(hf_sluice, demo_run, tmp_path):
    run = sparse(tmp_path, demo_run)
    others = features(tmp_path, ["a", "b"])
    for arguments, said in (
        ((others, run), "there are no features of"),
        ((others, tmp_path / "nowhere"), "no finished run"),
        ((tmp_path / "none.tsv", run), "none.tsv"),
        ((others, run, "-o", "out.txt"), "should be named .tsv"),
    ):
        done = hf_sluice("relate", "sharing", *arguments)
        assert done.code == 2
        assert said in done.err
        assert len(done.err.splitlines()) == 1
