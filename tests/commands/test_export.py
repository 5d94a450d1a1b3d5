from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from hf_sluice.export import folder as export_folder
from hf_sluice.prediction.onnx_tagger import OnnxTagger

SENTENCES = [["The", "man", "with", "a", "red", "car", "sings", "."], ["She", "bought", "two", "houses", "in", "Paris"]]
FILES = [
    "README.md",
    "characters.onnx",
    "model.onnx",
    "onnx_tagger",
    "tagger.json",
    "tokenizer_config.json",
    "vocabulary.json",
]


def predicted(done):
    """Per sentence the labels that ``predict`` has written as JSON lines."""
    lines = [json.loads(line) for line in done.out.splitlines()]
    return [{name: values for name, values in line.items() if name not in ("tokens", "offsets")} for line in lines]


@pytest.mark.parametrize("run", ["demo_run", "sparse_run"])
@pytest.mark.parametrize("tasks", [[], ["ner", "pos"]])
def test_what_is_exported_predicts_the_same(hf_sluice, request, tmp_path, run, tasks):
    model = request.getfixturevalue(run)
    chosen = ["--tasks", ",".join(tasks)] if tasks else []
    done = hf_sluice("export", model, "--onnx", tmp_path / "out", *chosen)

    assert (done.code, done.err) == (0, "")
    assert "Logits of 46 sentences differ from the model's by" in done.out
    assert done.out.endswith(f"Saved to {tmp_path / 'out'}\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    stdin = "\n".join(map(" ".join, SENTENCES)).encode()
    expected = hf_sluice("predict", model, *chosen, "--input-format", "tokens", "--output-format", "jsonl", stdin=stdin)
    assert list(OnnxTagger(tmp_path / "out").tag(SENTENCES)) == predicted(expected)
    assert "int8" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_what_int8_loses_is_told(hf_sluice, demo_run, tmp_path):
    done = hf_sluice("export", demo_run, "--onnx", tmp_path / "out", "--tasks", "pos", "--int8", "--json")
    values = json.loads(done.out)
    dev = hf_sluice("evaluate", demo_run, "--split", "validation", "--json", tmp_path / "scores.json")

    assert (done.code, done.err, dev.code) == (0, "", 0)
    assert (tmp_path / "out" / "model_int8.onnx").exists()
    assert (values["folder"], values["tasks"]) == (str(tmp_path / "out"), ["pos"])
    rows = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["scores"]
    scores = values["int8"]["scores"]
    assert scores["float32"] == [row for row in rows if row["task"] == "pos"]
    of_all = [[row["value"] for row in scores[kind] if row["domain"] == "all"] for kind in ("float32", "int8")]
    assert values["int8"]["losses"] == {"pos": of_all[0][0] - of_all[1][0]}


def test_what_int8_loses_is_shown_and_stands_in_the_folder(hf_sluice, demo_run, tmp_path):
    shown = hf_sluice("export", demo_run, "--onnx", tmp_path / "out", "--int8").out
    read_me = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")

    rows = [[cell.strip() for cell in line.strip("│ ").split("│")] for line in shown.splitlines() if line[0:1] == "│"]
    assert [row[0] for row in rows if row[1] == "all"] == ["pos", "chunk", "ner"]
    for row in rows:
        if row[1] == "all":
            assert f"| {' | '.join(row)} |" in read_me
    assert "a tagger for `pos`, `chunk`, `ner`" in read_me.lower()
    (line,) = [line for line in shown.splitlines() if line.startswith("Logits of 46 sentences")]
    assert f"differ from those of the model that it was made of by {line.split()[-3]} at most" in read_me


def test_a_graph_that_says_something_else_is_not_left_behind(hf_sluice, demo_run, tmp_path, monkeypatch):
    graphs = export_folder.tagger_graphs

    def wrong(model, operators):
        model.heads[0].output.bias.data += 1
        made = graphs(model, operators)
        model.heads[0].output.bias.data -= 1
        return made

    monkeypatch.setattr(export_folder, "tagger_graphs", wrong)
    done = hf_sluice("export", demo_run, "--onnx", tmp_path / "out")

    assert (done.code, done.out) == (2, "")
    assert done.err == "hf-sluice: the graph's scores of task 'pos' differ from the model's by 1.0e+00\n"
    assert list(tmp_path.iterdir()) == []


def test_what_is_interrupted_leaves_nothing_behind(hf_sluice, demo_run, tmp_path, monkeypatch):
    written = []

    def interrupted(*_):
        written.extend(path.name for path in tmp_path.glob("*/*"))
        raise KeyboardInterrupt

    monkeypatch.setattr(export_folder, "compare_graph", interrupted)
    done = hf_sluice("export", demo_run, "--onnx", tmp_path / "out")

    assert (done.code, done.out, done.err) == (130, "", "")
    assert "model.onnx" in written
    assert list(tmp_path.iterdir()) == []


def test_without_the_packages_one_line_says_how_to_get_them(hf_sluice, demo_run, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "hf_sluice.onnx_library.find_spec", lambda name: None if name == "onnxruntime" else find_spec(name)
    )
    done = hf_sluice("export", demo_run, "--onnx", tmp_path / "out")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "hf-sluice: ONNX needs the package onnxruntime, which is not there: pip install 'hf-sluice[onnx]'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tasks", "nre"], "task 'nre' is none of the model's tasks: pos, chunk, ner"),
        (["--recipe", "r.yaml"], "give --int8, too"),
        (["--set", "seed=1"], "give --int8, too"),
        (["--int8", "--recipe", "nowhere.yaml"], "nowhere.yaml"),
        (["--opset", "9"], "--opset"),
    ],
)
def test_wrong_arguments_are_one_line_and_leave_nothing_behind(hf_sluice, demo_run, tmp_path, arguments, message):
    done = hf_sluice("export", demo_run, "--onnx", tmp_path / "new", *arguments)

    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_left_as_it_is(hf_sluice, demo_run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = hf_sluice("export", demo_run, "--onnx", tmp_path)

    assert done.err == f"hf-sluice: {tmp_path}: is there already; a new or an empty folder is expected\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
