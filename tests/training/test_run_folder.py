from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.evaluation.evaluator import ScoreRow
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.recipe import Recipe
from hf_sluice.training.run_folder import RunFolder
from tests.training.tiny_training import assert_equal_parameters, copy_of, demo, new_model, new_tokenizer

ROWS = [
    ScoreRow("accuracy", 0.5, 12, accuracy=0.5, task="pos", domain="größe"),
    ScoreRow("span_f1", None, 0, precision=None, recall=0.25, span_type="NP", task="chunk"),
]


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path / "runs" / "one")


def recipe_of(**values):
    return Recipe(**{"tasks": ["pos"], "output": "unused", **values})


def contents(folder):
    return {
        path.relative_to(folder.path).as_posix(): path.read_bytes() for path in folder.path.rglob("*") if path.is_file()
    }


def test_a_new_run_writes_its_recipe(folder):
    folder.open(recipe_of(seed=3), overwrite=False)

    assert contents(folder) == {"recipe.yaml": recipe_of(seed=3).to_yaml().encode()}
    assert not folder.is_finished


@pytest.mark.parametrize("overwrite", [False, True])
def test_resuming_or_overwriting_nothing_begins_a_run(folder, overwrite):
    folder.check(recipe_of(), resume=not overwrite, overwrite=overwrite)
    assert not folder.path.exists()
    folder.open(recipe_of(), overwrite=overwrite)

    assert list(contents(folder)) == ["recipe.yaml"]


def test_a_run_that_was_begun_when_recipes_had_fewer_fields_is_resumed(folder):
    folder.open(recipe_of(), overwrite=False)
    recipe = folder.path / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("architecture: null\n", ""))

    folder.check(recipe_of(), resume=True, overwrite=False)
    recipe.write_text("tasks: [pos, [")
    with pytest.raises(UserError, match="another recipe"):
        folder.check(recipe_of(), resume=True, overwrite=False)


def test_a_run_that_is_there_is_not_touched_unasked(folder):
    folder.open(recipe_of(), overwrite=False)
    before = contents(folder)

    with pytest.raises(UserError) as caught:
        folder.check(recipe_of(seed=1), resume=False, overwrite=False)
    assert str(caught.value) == f"{folder.path}: holds a run already; use --resume to continue it or --overwrite"
    assert contents(folder) == before


def test_a_run_is_resumed_with_its_own_recipe_only(folder):
    folder.open(recipe_of(), overwrite=False)
    before = contents(folder)
    folder.check(recipe_of(), resume=True, overwrite=False)
    folder.open(recipe_of(), overwrite=False)

    for other in ({"seed": 1}, {"tasks": ["ner"]}, {"training": {"epochs": 3}}):
        with pytest.raises(UserError, match=r"recipe\.yaml: the run was begun with another recipe or seed; use --over"):
            folder.check(recipe_of(**other), resume=True, overwrite=False)
    assert contents(folder) == before


def test_overwriting_removes_the_run_and_nothing_else(folder):
    folder.open(recipe_of(), overwrite=False)
    folder.write_results({}, {})
    for name in ("metrics.jsonl", "model/x", "checkpoints/step-1/state.pt", "single_task/pos/results.json", "my/notes"):
        path = folder.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    before = contents(folder)
    folder.check(recipe_of(seed=1), resume=False, overwrite=True)
    assert contents(folder) == before
    folder.open(recipe_of(seed=1), overwrite=True)

    assert contents(folder) == {"recipe.yaml": recipe_of(seed=1).to_yaml().encode(), "my/notes": b"x"}
    assert not folder.is_finished


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")

    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UserError, match=r"^[^\n]*file[^\n]*: the run's folder cannot be written \([^\n]+\)$"):
            RunFolder(path).open(recipe_of(), overwrite=False)


def test_results_mark_the_run_as_finished_and_are_read_as_written(folder):
    folder.open(recipe_of(), overwrite=False)
    folder.write_results({"seed": 3, "alpha": [[1.0]]}, {"sluice": {"test": ROWS, "validation": []}})

    assert folder.is_finished
    assert folder.read_results() == {
        "seed": 3, "alpha": [[1.0]], "scores": {"sluice": {"test": ROWS, "validation": []}},
    }  # fmt: skip
    assert sorted(contents(folder)) == ["recipe.yaml", "results.json"]


def test_results_are_plain_json(folder):
    folder.open(recipe_of(), overwrite=False)
    folder.write_results({}, {"sluice": {"test": ROWS}})
    row = json.loads(contents(folder)["results.json"])["scores"]["sluice"]["test"][0]

    assert (row["task"], row["domain"], row["metric"], row["value"]) == ("pos", "größe", "accuracy", 0.5)


def test_results_written_before_rows_carried_the_accuracy_are_read(folder):
    folder.open(recipe_of(), overwrite=False)
    folder.write_results({}, {"sluice": {"test": ROWS}})
    results = folder.path / "results.json"
    values = json.loads(results.read_text(encoding="utf-8"))
    for row in values["scores"]["sluice"]["test"]:
        del row["accuracy"]
    results.write_text(json.dumps(values), encoding="utf-8")

    assert folder.read_results()["scores"]["sluice"]["test"] == [replace(row, accuracy=None) for row in ROWS]


def test_results_of_an_unfinished_run_are_refused(folder):
    with pytest.raises(ModelFolderError, match=r": no finished run; results\.json is missing$"):
        folder.read_results()


@pytest.mark.parametrize(
    "text",
    ["", '{"scores": {', "[]", "{}", '{"scores": []}', '{"scores": {"a": {"test": [{"x": 1}]}}}', "\xff"],
)
def test_damaged_results_are_refused_in_one_line(folder, text):
    folder.path.mkdir(parents=True)
    (folder.path / "results.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(ModelFolderError, match=r"^[^\n]*results\.json: damaged \([^\n]*\)$"):
        folder.read_results()


@pytest.fixture(scope="module")
def tagger():
    corpus = demo(train=8)
    tokenizer = new_tokenizer(corpus)
    return new_model(tokenizer, corpus.tasks), tokenizer


def test_a_model_is_saved_whole_and_replaced_whole(folder, tagger):
    model, tokenizer = tagger
    folder.path.mkdir(parents=True)
    for leftover in (folder.model, folder.path / "model.writing"):
        leftover.mkdir()
        (leftover / "leftover").write_text("x")
    folder.save_model(model, tokenizer)
    words = [["the", "Unheard", "42"]]

    assert_equal_parameters(copy_of(SluiceForTokenClassification.from_pretrained(folder.model)), copy_of(model))
    loaded = TaggerTokenizer.from_pretrained(folder.model)
    assert loaded.encode_words(words).word_ids.tolist() == tokenizer.encode_words(words).word_ids.tolist()
    assert [path.name for path in folder.path.iterdir()] == ["model"]
    assert not (folder.model / "leftover").exists()


def test_a_model_folder_holds_safetensors_and_text_only(folder, tagger):
    folder.path.mkdir(parents=True)
    folder.save_model(*tagger)

    for path in folder.model.iterdir():
        assert path.suffix in (".safetensors", ".json", ".txt", ".py"), path.name
