"""Experiments with made-up runs, in the form in which the runner hands them to the reports."""

from __future__ import annotations

import pandas as pd

from hf_sluice.experiments.experiment import Experiment
from hf_sluice.experiments.grid import points

DOMAINS = ("email", "news", "web")
SYSTEMS = ("single task", "hard sharing", "sluice")


def experiment_of(report, axes, seeds=(1, 2, 3), **fields):
    content = {"title": "Made up", "name": "made_up", "recipe": {"tasks": ["chunk", "pos"]}, **fields}
    axes = {axis: {value: {} for value in values} for axis, values in axes.items()}
    for place, values in enumerate(axes.values()):  # so that points differ in their recipe
        for number, value in enumerate(values):
            values[value] = {"training": {("epochs", "batch_size")[place]: number + 1}}
    return Experiment.model_validate({**content, "axes": axes, "seeds": list(seeds), "report": report})


def domains_experiment(**report):
    settings = {"form": "domains", "main_task": "chunk", **report}
    return experiment_of(settings, {"system": SYSTEMS, "source": DOMAINS})


def results_of(experiment, score, tasks=(("chunk", "span_f1"), ("pos", "accuracy")), domains=DOMAINS):
    """Results whose values are ``score(point's values, seed, task, domain)``, the accuracy half of it for spans."""
    rows = []
    for point in points(experiment, "test"):
        for task, metric in tasks:
            for domain in (*domains, "all", "macro"):
                value = score(point.values, point.recipe.seed, task, domain)
                if value is None:
                    continue
                rows.append(
                    {
                        **point.values,
                        "seed": point.recipe.seed,
                        "run": point.key,
                        "task": task,
                        "split": "test",
                        "domain": domain,
                        "in_domain": domain == point.values.get("source", domains[0]),
                        "metric": metric,
                        "value": value,
                        "accuracy": value / 2 if metric == "span_f1" else value,
                        "support": 100,
                    }
                )
                rows.append({**rows[-1], "split": "validation", "value": 0.0, "accuracy": 0.0})
    return pd.DataFrame(rows)


def runs_of(experiment, **fields):
    """Records of all runs; a field may be a function of the point."""
    defaults = {
        "tasks": ["chunk", "pos"],
        "num_subspaces": 2,
        "parameters": 1000,
        "alpha": [[[0.25] * 4] * 4] * 2,
        "beta": [[0.1, 0.9]] * 2,
        "training_seconds": 36.0,
        "epochs": 4,
        "best_epoch": 2,
        "device": "cpu",
        "commit": "abc1234",
        "curve": [],
        "characteristics": {"sentences": 10, "words": 100, "types": 50},
    }
    return [
        {
            "point": dict(point.values),
            "key": point.key,
            "seed": point.recipe.seed,
            **{name: value(point) if callable(value) else value for name, value in {**defaults, **fields}.items()},
        }
        for point in points(experiment, "test")
    ]


def tables_of(markdown):
    """All tables of a Markdown text as lists of rows of cells; the rule below the heads is checked and left out."""
    tables, current = [], []
    for line in [*markdown.split("\n"), ""]:
        if line.startswith("|"):
            assert line.endswith("|")
            current.append([cell.strip() for cell in line[1:-1].split(" | ")])
        elif current:
            heads, rule, *rows = current
            assert set("".join(rule)) <= set("-:")
            assert {len(row) for row in current} == {len(heads)}
            tables.append([heads, *rows])
            current = []
    return tables


def table_below(markdown, title):
    """The first table after a line that begins with a title."""
    lines = markdown.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(title))
    return tables_of("\n".join(lines[start:]))[0]
