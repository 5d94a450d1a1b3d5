from __future__ import annotations

import json

import pytest
import torch

from hf_sluice.prediction.model_folder import load_tagger
from tests.models.tiny_sluice import CHARS, VOCAB, tiny_batch

RUNS = ("demo_run", "sparse_run")
TEXT = b"The man with a red car sings .\nShe bought two houses in Paris .\n"


@pytest.fixture(params=RUNS)
def run(request):
    return request.getfixturevalue(request.param)


def predicted(out):
    """Per task the labels of all words, as the command prints them."""
    head, *lines = out.splitlines()
    columns = head.removeprefix("# global.columns = ").split()
    rows = [line.split("\t") for line in lines if line]
    return {name: [row[i] for row in rows] for i, name in enumerate(columns)}


@pytest.mark.parametrize("tasks", [["ner"], ["chunk", "pos"]])
def test_the_new_model_predicts_what_the_old_one_does(hf_sluice, run, tmp_path, tasks):
    folder = tmp_path / "models" / "part"
    done = hf_sluice("extract", run, *(word for task in tasks for word in ("--task", task)), "--output", folder)

    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(f"Saved to {folder}\n")
    whole, part = (hf_sluice("predict", model, "-", stdin=TEXT) for model in (run, folder))
    assert list(predicted(part.out)) == ["FORM", *tasks]
    assert predicted(part.out) == {name: predicted(whole.out)[name] for name in ("FORM", *tasks)}
    old, new = load_tagger(str(run)).model, load_tagger(str(folder)).model
    assert old.config.vocab_size > VOCAB
    assert old.config.char_vocab_size > CHARS
    batch = {name: value.to(old.device) for name, value in tiny_batch().items()}
    with torch.no_grad():
        expected, found = old(**batch, tasks=tasks).logits, new(**batch).logits
    assert all(torch.equal(found[task], expected[task]) for task in tasks)


def test_it_can_be_evaluated_and_inspected(hf_sluice, run, tmp_path):
    hf_sluice("extract", run, "--task", "chunk", "-o", tmp_path / "chunk")
    scores = {}
    for name, model, extra in (("whole", run, ()), ("part", tmp_path / "chunk", ("--recipe", run / "recipe.yaml"))):
        done = hf_sluice("evaluate", model, *extra, "--json", tmp_path / "scores.json")
        assert (done.code, done.err) == (0, "")
        rows = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["scores"]
        scores[name] = [row for row in rows if row["task"] == "chunk"]
    assert scores["part"] == scores["whole"] != []

    done = hf_sluice("inspect", tmp_path / "chunk")
    assert (done.code, done.err) == (0, "")
    assert "ner" not in done.out
    assert hf_sluice("inspect", tmp_path / "chunk", "--figures", tmp_path / "figures").code == 0


def test_it_tells_how_much_smaller_the_new_model_is(hf_sluice, run, tmp_path):
    done = hf_sluice("extract", run, "--task", "pos", "--output", tmp_path / "pos", "--json")
    values = json.loads(done.out)
    sizes = [load_tagger(str(folder)).model.num_parameters() for folder in (run, tmp_path / "pos")]

    assert [values[name]["parameters"] for name in ("whole", "part")] == sizes
    assert sizes[1] < sizes[0]
    assert (values["folder"], values["tasks"]) == (str(tmp_path / "pos"), ["pos"])


def test_nothing_of_other_tasks_is_written(hf_sluice, run, tmp_path):
    hf_sluice("extract", run, "--task", "pos", "--output", tmp_path / "pos")
    written = (tmp_path / "pos" / "config.json").read_text(encoding="utf-8")

    assert '"NN"' in written
    assert not any(text in written for text in ('"chunk"', '"ner"', "B-"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--task", "srl"], "task 'srl' is none of this model's tasks: pos, chunk, ner"),
        (["--task", "ner", "--task", "ner"], "tasks: name one or more of pos, chunk, ner, each once"),
        ([], "Missing option '--task'"),
    ],
)
def test_wrong_tasks_are_one_line_and_leave_nothing_behind(hf_sluice, demo_run, tmp_path, arguments, message):
    done = hf_sluice("extract", demo_run, *arguments, "--output", tmp_path / "new")

    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_left_as_it_is(hf_sluice, demo_run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    for model in (demo_run, "nowhere"):  # said before anything is loaded
        done = hf_sluice("extract", model, "--task", "ner", "--output", tmp_path)

        assert (done.code, done.out) == (2, "")
        assert done.err == f"hf-sluice: {tmp_path}: is there already; a new or an empty folder is expected\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
