from __future__ import annotations

import json

import pytest


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "a.conll").write_text("a\tX\nb\t_\n\nc\tY\n", encoding="utf-8")
    path = tmp_path / "columns.yaml"
    path.write_text(
        f"""
        data: {{corpus: columns, options: {{files: {{train: {tmp_path}/a.conll, test: {tmp_path}/a.conll}},
                separator: tab, columns: [token, label], missing: _}}}}
        tasks: [{{name: label}}]
        """,
        encoding="utf-8",
    )
    return path


def test_tables_count_what_is_there(hf_sluice, recipe):
    done = hf_sluice("data", recipe)

    assert (done.code, done.err) == (0, "")
    assert "label: classification, 2 labels" in done.out
    rows = [line.replace("│", " ").split() for line in done.out.splitlines()]
    assert ["train", "all", "2", "3", "1.5", "3", "-"] in rows
    assert ["test", "all", "2", "3", "1.5", "3", "0.0", "%"] in rows
    assert ["labelled", "words", "2", "2"] in rows


def test_json_holds_the_same(hf_sluice, recipe):
    values = json.loads(hf_sluice("data", recipe, "--json").out)

    assert [(group["split"], group["words"]) for group in values["groups"]] == [("train", 3), ("test", 3)]
    assert values["groups"][0]["layers"][0]["labels"] == {"X": 1, "Y": 1}
    assert values["tasks"][0]["labels"] == ["X", "Y"]


def test_overrides_reach_the_data(hf_sluice, tmp_path):
    recipe = tmp_path / "demo.yaml"
    recipe.write_text("tasks: [pos]\n", encoding="utf-8")
    sizes = "data.options={train_sentences: 8, validation_sentences: 8, test_sentences: 4}"
    done = hf_sluice("data", recipe, "--set", sizes, "--set", "data.train_domains=[news]", "--json")
    groups = json.loads(done.out)["groups"]

    assert [group["sentences"] for group in groups if group["domain"] is None] == [2, 2, 4]


def test_tasks_that_the_recipe_makes_are_counted(hf_sluice, tmp_path):
    recipe = tmp_path / "demo.yaml"
    recipe.write_text(
        """
        data:
          options: {train_sentences: 40, validation_sentences: 8, test_sentences: 4}
          derived_tasks: {noise: {source: chunk, labels: random}}
          disjoint_sentences: {noise: 10, pos: 5}
        tasks: [noise, pos]
        """,
        encoding="utf-8",
    )
    values = json.loads(hf_sluice("data", recipe, "--json").out)

    assert [task["name"] for task in values["tasks"]] == ["noise", "pos"]
    train = next(group for group in values["groups"] if (group["split"], group["domain"]) == ("train", None))
    assert {layer["task"]: layer["sentences_without"] for layer in train["layers"]} == {"noise": 5, "pos": 10}
    assert "train: 10 sentences for noise alone" in values["notes"]
    assert "train: 10 sentences for noise alone" in hf_sluice("data", recipe).out


def test_what_is_saved_can_be_looked_at_again(hf_sluice, recipe, tmp_path):
    done = hf_sluice("data", recipe, "--save", tmp_path / "saved")

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"Saved to {tmp_path}/saved\nTrain from it: data: {{corpus: datasets, options: {{path: {tmp_path}/saved}}}}\n"
    )
    again = tmp_path / "again.yaml"
    again.write_text(
        f"data: {{corpus: datasets, options: {{path: {tmp_path}/saved}}}}\ntasks: [label]\n", encoding="utf-8"
    )
    assert hf_sluice("data", again, "--json").out == hf_sluice("data", recipe, "--json").out
    done = hf_sluice("data", recipe, "--save", tmp_path / "saved")
    assert (done.code, done.out) == (2, "")
    assert "is there already" in done.err


def test_what_is_pushed_is_said(hub, hf_sluice, recipe):
    done = hf_sluice("data", recipe, "--push", "corpus", "--private", "--revision", "v2")

    assert done.code == 0
    assert "The licence of what was read as columns is not on record" in done.err
    assert "Pushed 4 files" in done.out
    assert "options: {path: user/corpus, revision: v2}" in done.out
    assert "tasks.json" in hub.repository("user/corpus", "datasets").files("v2")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--private"], "--private, --revision and --create-pr say how to --push; name a repository"),
        (["--push", "user/x", "--json"], "--json prints what the data hold; leave out --save and --push"),
        (["--push", "user/x", "--create-pr", "--revision", "v2"], "--create-pr proposes a change of the main branch"),
        (["--push", "a/b/c"], "a/b/c: no name of a repository"),
    ],
)
def test_what_cannot_be_done_is_one_line(hub, hf_sluice, recipe, arguments, message):
    done = hf_sluice("data", recipe, *arguments)

    assert (done.code, done.out) == (2, "")
    assert message in done.err.replace("\n", " ")
    assert hub.repositories == {}


def test_a_closed_corpus_is_refused_before_it_is_read(hub, hf_sluice, tmp_path):
    recipe = tmp_path / "ontonotes.yaml"
    recipe.write_text(f"data: {{corpus: ontonotes, root: {tmp_path}}}\ntasks: [pos]\n", encoding="utf-8")
    done = hf_sluice("data", recipe, "--push", "user/x")

    assert done.code == 2
    assert "the licence of OntoNotes Release 5.0 (LDC2013T19) forbids to publish copies" in done.err
    assert hub.requests == []
