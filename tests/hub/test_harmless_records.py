import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.hub.harmless_records import copy_metrics, copy_recipe, copy_results, harmless
from hf_sluice.recipe import load_recipe

SHOWN = {
    "/home/me/My Files/x.conll": "x.conll",
    "/home/me/": "me",
    "~/data/x.conll": "x.conll",
    "~me/x.conll": "x.conll",
    "../secret/x.conll": "x.conll",
    "C:\\Users\\me\\x.conll": "x.conll",
    "\\\\server\\share\\x.conll": "x.conll",
    "file:///home/me/x.conll": "x.conll",
    "/home/me/a.conll: 3 lines are empty": "a.conll: 3 lines are empty",
    "read '/home/me/a.conll' and C:\\Users\\me\\b.conll": "read 'a.conll' and b.conll",
    "https://me:secret@example.org/a/b": "https://example.org/a/b",
    "hf_abcdefghijklmnopqrstuvw": "hf_…",
}
KEPT = ("data/x.conll", "runs/demo", "and/or", "/", "//", "1/2/3", "https://example.org/a/b/c", "user/repo", "~",
        "hf_sluice", "B-PER", "α/β", "")  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_paths_of_a_machine_and_secrets_are_not_shown(text, shown):
    assert harmless(text) == shown
    assert harmless({"files": [{"train": text}]}) == {"files": [{"train": shown}]}


@pytest.mark.parametrize("text", KEPT)
def test_everything_else_stays_as_it_is(text):
    assert harmless(text) == text


def test_fields_that_hold_secrets_are_left_out():
    fields = {"token": "abc", "use_auth_token": "abc", "storage_options": {"key": "abc"}, "API_KEY": "abc"}
    kept = {"tokens": 3, "tokenizer": "x", "unknown_token": 0, "token": 5, "secretary": "x"}
    assert harmless(fields) == {}
    assert harmless(kept) == kept


def test_labels_may_look_like_paths():
    values = {"labels": ["/home/me/x", "~/a"], "training_labels": {"pos": {"/home/me/x": 3}}}
    assert harmless(values) == values


NAME = st.text("abcZ09_-", min_size=1, max_size=5)


@given(st.lists(NAME, min_size=2), st.sampled_from(["/", "~/x/", "C:\\", "\\\\server\\"]))
def test_of_any_path_the_last_name_remains(names, root):
    path = root + ("/" if "/" in root else "\\").join(names)
    assert harmless(path) == names[-1]
    assert harmless(f"read '{path}': nothing, {path}") == f"read '{names[-1]}': nothing, {names[-1]}"


@pytest.fixture
def run(tmp_path):
    recipe = {
        "tasks": ["pos"],
        "data": {
            "corpus": "columns",
            "root": "/home/me/data",
            "options": {"train": "/home/me/a.conll", "token": "abc"},
        },
        "tokenizer": {"word_vectors": "/home/me/glove.txt"},
        "output": "/home/me/runs/best",
        "seed": 3,
    }
    results = {
        "scores": {"x": [1.5, None]},
        "data": {"notes": ["/home/me/a.conll: 3 lines are empty"]},
        "tasks": [{"labels": ["/a/b/c"]}],
    }
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(recipe), encoding="utf-8")
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    (tmp_path / "metrics.jsonl").write_text('{"event": "α", "file": "/home/me/x"}\n{"event": "cut', encoding="utf-8")
    return tmp_path


def test_a_recipe_stays_one(run, tmp_path):
    copy_recipe(run / "recipe.yaml", tmp_path / "copy.yaml")
    recipe = load_recipe(tmp_path / "copy.yaml")
    assert recipe.data.root is None
    assert recipe.data.options == {"train": "a.conll"}
    assert recipe.tokenizer.word_vectors == "glove.txt"
    assert (recipe.output, recipe.seed, recipe.tasks) == ("runs/best", 3, ["pos"])


def test_a_recipe_without_paths_is_the_same(demo_run, tmp_path):
    recipe = load_recipe(demo_run / "recipe.yaml")
    copy_recipe(demo_run / "recipe.yaml", tmp_path / "copy.yaml")
    assert load_recipe(tmp_path / "copy.yaml") == recipe.model_copy(
        update={"output": f"runs/{Path(recipe.output).name}"}
    )


def test_results_and_metrics(run, tmp_path):
    copy_results(run / "results.json", tmp_path / "copy.json")
    copy_metrics(run / "metrics.jsonl", tmp_path / "copy.jsonl")
    assert json.loads((tmp_path / "copy.json").read_text(encoding="utf-8")) == {
        "scores": {"x": [1.5, None]},
        "data": {"notes": ["a.conll: 3 lines are empty"]},
        "tasks": [{"labels": ["/a/b/c"]}],
    }
    assert (tmp_path / "copy.jsonl").read_text(encoding="utf-8") == '{"event": "α", "file": "x"}\n'
