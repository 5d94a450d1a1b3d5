from __future__ import annotations

import pytest

from hf_sluice.data import load
from hf_sluice.data.load import check_corpus, load_corpus
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task

TASKS = [Task("pos")]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.conll").write_text("a N\n\nb V\n")
    return {"files": {"train": "a.conll"}, "columns": ["token", "pos"], "tasks": TASKS}


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(UserError) as caught:
        load_corpus("conl")
    assert str(caught.value) == (
        "corpus 'conl' is unknown; choose one of "
        "broad_twitter, combined, columns, conllu, datasets, demo, ewt, gum, masc, ontonotes, semcor, streusle, wnut17"
    )


@pytest.mark.parametrize("name", load._NEEDS_ROOT)
def test_every_corpus_has_its_loader_and_refuses_unknown_options(name, tmp_path):
    with pytest.raises(UserError, match=f"corpus '{name}': unknown option 'colour'; it takes "):
        load_corpus(name, root=tmp_path, colour="red")


@pytest.mark.parametrize(
    ("name", "option", "value", "wanted"),
    [
        ("demo", "train_sentences", "many", "a whole number"),
        ("demo", "seed", 1.5, "a whole number"),
        ("gum", "named_only", 1, "true or false"),
        ("ewt", "incomplete", True, "a text"),
    ],
)
def test_an_option_of_another_kind_is_refused(name, option, value, wanted, tmp_path):
    with pytest.raises(UserError, match=f"corpus '{name}': option '{option}' should be {wanted}, not {value!r}"):
        load_corpus(name, root=tmp_path, **{option: value})


def test_an_option_that_may_be_absent_may_be_none(files, tmp_path):
    assert load_corpus("columns", root=tmp_path, document_start=None, **files)["train"].num_rows == 2


def test_a_missing_option_is_named(files):
    del files["columns"]
    with pytest.raises(UserError, match="corpus 'columns': option 'columns' is missing"):
        load_corpus("columns", **files)


def test_the_root_may_be_a_string(files, tmp_path):
    assert load_corpus("columns", root=str(tmp_path), **files)["train"].num_rows == 2


def test_formats_start_from_the_working_folder_without_root(files, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_SLUICE_DATA", "elsewhere")
    monkeypatch.chdir(tmp_path)
    assert load_corpus("columns", **files)["train"].num_rows == 2


@pytest.mark.parametrize("name", ["broad_twitter", "ewt", "gum", "masc", "ontonotes", "semcor", "streusle", "wnut17"])
def test_a_root_that_is_needed_is_asked_for(name, monkeypatch, tmp_path):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    with pytest.raises(UserError, match=rf"corpus '{name}': set HF_SLUICE_DATA \(or root\) to the folder"):
        load_corpus(name)
    monkeypatch.setenv("HF_SLUICE_DATA", str(tmp_path / "none"))
    with pytest.raises(UserError, match=r"^HF_SLUICE_DATA '.*none' is not a folder"):
        load_corpus(name)
    with pytest.raises(UserError, match=r"^root '.*other' is not a folder"):
        load_corpus(name, root=tmp_path / "other")


def test_domains_are_chosen(files, tmp_path):
    corpus = load_corpus("columns", root=tmp_path, domain="web", **files)
    assert load_corpus("columns", root=tmp_path, domain="web", domains="web", **files)["train"][:] == corpus["train"][:]
    with pytest.raises(UserError, match="'news' is not one of the corpus; it has web"):
        load_corpus("columns", root=tmp_path, domain="web", domains={"train": ["news"]}, **files)


@pytest.mark.parametrize("name", load._NEEDS_ROOT)
def test_every_corpus_says_its_tasks_and_a_format_has_none(name):
    assert (load.task_names(name, {"parts": {"demo": None}}) == []) == (name in load.FORMATS)


def test_the_tasks_said_are_those_loaded():
    assert load.task_names("demo", {}) == [task.name for task in load_corpus("demo", train_sentences=4).tasks]


def test_a_combined_corpus_has_the_tasks_of_its_parts_and_needs_what_they_need(monkeypatch, tmp_path):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    options = {"parts": {"gum": {"tasks": ["upos", "ner"]}, "broad_twitter": None}}

    assert load.task_names("combined", options) == ["upos", "ner"]
    check_corpus("combined", tmp_path, options)
    with pytest.raises(UserError, match=r"^parts\.gum: corpus 'gum': set HF_SLUICE_DATA"):
        check_corpus("combined", None, options)
    with pytest.raises(UserError, match="corpus 'combined': option 'parts' is missing"):
        load.task_names("combined", {})


def test_a_corpus_is_checked_without_being_read(files, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    options = {"files": {"train": "no such file"}, "columns": files["columns"]}
    check_corpus("columns", tmp_path, options)
    with pytest.raises(UserError, match="corpus 'ewt': set HF_SLUICE_DATA"):
        check_corpus("ewt", None, {})
    with pytest.raises(UserError, match="corpus 'demo': unknown option 'size'"):
        check_corpus("demo", None, {"size": 5})
