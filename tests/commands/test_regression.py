"""A classification and a regression task in one model, from column files to predictions."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from math import log10
from statistics import pvariance

import pytest
import yaml

SENTENCES = [
    [("the", "D"), (noun, "N"), (verb, "V")] + [("the", "D"), (other, "N")] * transitive
    for noun, (verb, transitive), other in product(
        ("dog", "cat", "children"), (("sleeps", 0), ("sees", 1), ("understands", 1)), ("dog", "elephant")
    )
]
COUNTS = Counter(word for sentence in SENTENCES for word, _ in sentence)
LOG_FREQUENCY = {word: round(log10(count), 4) for word, count in COUNTS.items()}
SCORED = [LOG_FREQUENCY[word] for sentence in SENTENCES for word, _ in sentence if "r" not in word]


@pytest.fixture
def recipe(tmp_path):
    """Tags and the logarithm of each word's frequency, which words with an r lack."""
    rows = [
        [f"{word} {tag} {'_' if 'r' in word else LOG_FREQUENCY[word]}" for word, tag in sentence]
        for sentence in SENTENCES
    ]
    for split in ("train", "validation", "test"):
        (tmp_path / f"{split}.conll").write_text("\n\n".join(map("\n".join, rows)) + "\n", encoding="utf-8")
    files = {split: str(tmp_path / f"{split}.conll") for split in ("train", "validation", "test")}
    options = {"files": files, "columns": ["token", "tag", "frequency"], "missing": "_"}
    sizes = {
        "hidden_size": 8,
        "num_layers": 2,
        "word_embedding_size": 8,
        "char_embedding_size": 4,
        "char_hidden_size": 4,
    }
    values = {
        "data": {"corpus": "columns", "options": options},
        "tasks": [
            {"name": "tag", "kind": "classification", "scheme": "none"},
            {"name": "frequency", "kind": "regression", "metric": "mean_squared_error", "weight": 2.0},
        ],
        "model": {**sizes, "head_hidden_size": 8, "noise": 0.0},
        "tokenizer": {"min_count": 1},
        "training": {
            "epochs": 15,
            "batch_size": 4,
            "optimizer": "adamw",
            "learning_rate": 0.03,
            "objective": "uncertainty",
        },
        "baselines": ["majority"],
        "output": str(tmp_path / "run"),
    }
    path = tmp_path / "both.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def scores_of(rows):
    return {(row["task"], row["metric"]): row["value"] for row in rows if row["domain"] == "all"}


def test_a_tag_and_a_number_are_learned_scored_shown_and_predicted(hf_sluice, recipe, tmp_path):
    trained = hf_sluice("train", recipe, "--json")
    assert trained.code == 0, trained.err
    results = json.loads(trained.out)
    found, majority = (scores_of(results["scores"][system]["test"]) for system in ("sluice", "majority"))
    assert found.keys() == majority.keys()
    assert found["tag", "accuracy"] > 0.9
    assert found["frequency", "mean_squared_error"] < 0.1 * pvariance(SCORED)
    assert found["frequency", "spearman"] > 0.8

    assert hf_sluice("evaluate", tmp_path / "run", "--json", tmp_path / "scores.json").code == 0
    again = scores_of(json.loads((tmp_path / "scores.json").read_text())["scores"])
    assert {key: again[key] for key in found} == pytest.approx(found, abs=1e-5)

    shown = hf_sluice("inspect", tmp_path / "run").out
    assert [line for line in shown.splitlines() if "frequency" in line and "regression" in line]
    counted = hf_sluice("data", recipe).out
    assert "frequency: regression" in counted

    tagged = hf_sluice("predict", tmp_path / "run", "--text", "the dog sees the cat").out.splitlines()
    assert tagged[0] == "# global.columns = FORM tag frequency"
    words, tags, numbers = zip(*(line.split("\t") for line in tagged[1:] if line), strict=True)
    assert words == ("the", "dog", "sees", "the", "cat")
    assert tags == ("D", "N", "V", "D", "N")
    assert [float(number) for number in numbers] == pytest.approx([LOG_FREQUENCY[word] for word in words], abs=0.2)

    line = json.loads(hf_sluice("predict", tmp_path / "run", "--text", "the dog", "--output-format", "jsonl").out)
    assert line["tag"] == ["D", "N"]
    assert line["frequency"] == pytest.approx([LOG_FREQUENCY["the"], LOG_FREQUENCY["dog"]], abs=0.2)


def test_what_is_no_number_is_refused_with_its_line(hf_sluice, recipe, tmp_path):
    path = tmp_path / "train.conll"
    path.write_text(path.read_text().replace(str(LOG_FREQUENCY["dog"]), "often", 1))
    done = hf_sluice("train", recipe)

    assert (done.code, done.out) == (2, "")
    assert done.err == f"hf-sluice: {path}:2: task 'frequency': 'often' is not a number\n"
    assert not (tmp_path / "run").exists()
