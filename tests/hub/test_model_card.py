from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.hub.cards.record import CardRecord
from hf_sluice.hub.cards.summary import sharing_words
from hf_sluice.hub.model_card import write_model_card
from hf_sluice.models.travelling_code import add_code
from hf_sluice.prediction.model_folder import load_tagger
from hf_sluice.tasks import Task
from hf_sluice.training.run_folder import RunFolder
from tests.hub.card_checks import assert_well_formed, pattern_of, snippets
from tests.hub.cards.small_records import (
    AGE,
    POS,
    full_record,
    new_sparse_model,
    recipe_of,
    record_of,
    results_of,
    save_run,
)
from tests.hub_client import environment
from tests.hub_server import hub_server

RUNS = ("demo_run", "sparse_run")


@pytest.fixture(scope="module")
def cards(tmp_path_factory, demo_run, sparse_run):
    """The folders of the cards of both runs."""
    folder = tmp_path_factory.mktemp("cards")
    for name, run in zip(RUNS, (demo_run, sparse_run), strict=True):
        write_model_card(run / "model", folder / name, run_folder=run, repo_id=f"user/{name}")
    return folder


def card_of(run, target):
    write_model_card(run / "model", target, run_folder=run, repo_id=None)
    return assert_well_formed(target)


@pytest.mark.parametrize("name", RUNS)
def test_the_whole_text_is_this(cards, name, request):
    """Where the text is meant to have changed, write ``found`` into the file and read what git shows of it."""
    run = request.getfixturevalue(name)
    record = CardRecord.read(run / "model", run, None)
    found = pattern_of((cards / name / "README.md").read_text(encoding="utf-8"), record.results, sharing_words(record))

    assert found == Path(__file__).with_name(f"card_of_{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RUNS)
def test_it_is_a_card_by_the_client_and_by_its_structure(cards, name, hub):
    card = assert_well_formed(cards / name)
    card.validate()

    assert [request.path for request in hub.requests] == ["/api/validate-yaml"]


@pytest.mark.parametrize("name", RUNS)
def test_its_results_are_those_of_the_run(cards, name, request):
    results = RunFolder(request.getfixturevalue(name)).read_results()
    rows, tasks = results["scores"][results["system"]]["test"], map(Task.from_dict, results["tasks"])
    found = {(r.task_name, r.dataset_config, r.metric_type): r.metric_value
             for r in assert_well_formed(cards / name).data.eval_results}  # fmt: skip
    names = {"accuracy": "accuracy", "span_f1": "f1"}
    domains = {row.domain for row in rows} - {"macro"}

    for task in tasks:
        for domain in domains:
            value = main_score(rows, task, domain).value
            metric = found.get((task.name, f"{task.name}/{domain}", names[task.metric]))
            assert metric == (None if value is None else pytest.approx(value, abs=1e-6))


@pytest.mark.slow
def test_its_examples_run(tmp_path, cards, demo_run, sparse_run):
    alone = tmp_path / "alone"
    shutil.copytree(demo_run / "model", alone)
    write_model_card(alone, alone, run_folder=demo_run, repo_id=None)
    examples = [(str(alone), *snippet) for snippet in snippets((alone / "README.md").read_text(encoding="utf-8"))]
    with hub_server() as hub:
        for name, run in zip(RUNS, (demo_run, sparse_run), strict=True):
            staged = tmp_path / name
            shutil.copytree(run / "model", staged)
            add_code(staged, load_tagger(str(staged)).model)
            hub.repository(f"user/{name}").put({path.name: path.read_bytes() for path in staged.iterdir()})
            page = (cards / name / "README.md").read_text(encoding="utf-8")
            examples += [(str(tmp_path), *snippet) for snippet in snippets(page)]
        (tmp_path / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("run_snippets.py"), tmp_path / "examples.json"],
            env=environment(hub.url, tmp_path / "there") | {"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert len(printed) == len(examples) == 5 + 6 + 6
    for language, text, out in printed:
        if language == "sh":
            assert "pos" in out
        elif "multitask" in text:
            assert [line.split()[0] for line in out.splitlines()] == ["pos", "chunk", "ner"]


@pytest.mark.parametrize("name", RUNS)
def test_of_a_model_alone_the_card_tells_what_the_model_tells(name, request, tmp_path):
    run = request.getfixturevalue(name)
    write_model_card(run / "model", tmp_path, run_folder=None, repo_id="user/alone")
    page = assert_well_formed(tmp_path).text

    assert "# alone\n" in page
    assert "It is not on record what it was trained on." in page
    assert page.count("No scores of it are on record.") == 2
    assert "trust_remote_code" in page


def test_without_a_name_on_the_hub_examples_load_from_the_folder_and_from_nowhere_else(tmp_path, demo_run):
    page = card_of(demo_run, tmp_path).text

    assert 'from_pretrained(".")' in page
    assert "trust_remote_code" not in page
    assert "# run\n" in page


def test_one_task_in_one_domain_without_what_older_runs_did_not_record(tmp_path):
    record = full_record((POS,), domains=("blog",), trained=("blog",))
    for name in ("data", "machine", "versions", "commit"):
        del record.results[name]
    page = card_of(save_run(tmp_path / "old", record), tmp_path / "card").text

    assert "The task in one pass over a text" in page
    assert "Sentences, with the number of their words" not in page
    assert "Versions it was trained with" not in page


def test_a_task_of_numbers_is_judged_by_its_error(tmp_path):
    card = card_of(save_run(tmp_path / "run", full_record((AGE,))), tmp_path / "card")

    assert {result.metric_type for result in card.data.eval_results} == {"mse"}
    assert "| age | blog | yes | mean squared error | 0.3000 | **0.1000** | 0.2000 | 10 words |" in card.text
    assert "Accuracy and F1" not in card.text


def test_masks_without_a_search_on_record(tmp_path):
    model = new_sparse_model((POS, AGE), {"pos": 0.5, "age": 0.25})
    results = results_of((POS, AGE), parameters=model.num_parameters())
    recipe = recipe_of((POS, AGE), model={"model_type": "sparse_sharing"})
    page = card_of(
        save_run(tmp_path / "run", record_of((POS, AGE), model=model, results=results, recipe=recipe)),
        tmp_path / "card",
    ).text

    assert "these shares remain: pos 50 % and age 25 %" in page
    assert "Candidates" not in page


HOSTILE = ("</td><script>alert(1)</script>", "a|b", "`x`\n# heading", "![x](http://evil)", "---\nlicense: mit",
           "{{ 1 }}", "x" * 3000, "<details>", "https://evil.example", "..\\..\\x", "\u202e", "*")  # fmt: skip


def test_labels_domains_and_notes_of_any_kind_do_nothing(tmp_path):
    task = Task("pos", HOSTILE)
    spans = Task("ner", ("O", *(f"B-{name}" for name in HOSTILE)), scheme="IOB2", metric="span_f1")
    data = {"corpus": "columns", "options": {"files": {"train": "```\n<script>"}}}
    machine = {"processor": "<script>", "threads": 1, "gpu": None}
    program = {"machine": machine, "commit": "<script>", "versions": {"<script>": "a|b"}}
    record = full_record((task, spans), domains=HOSTILE, trained=HOSTILE[:2], **program)
    record.results["data"]["notes"] = list(HOSTILE)
    record = CardRecord(record.tagger, None, record.results, recipe_of((task, spans), data=data))
    card = card_of(save_run(tmp_path / "<run>", record), tmp_path / "card")

    assert {path.name for path in (tmp_path / "card" / "figures").iterdir()} == {"alpha.png", "beta.png"}
    assert card.data.license is None
    assert "{{ 1 }}" in card.text
    assert len(card.data.eval_results) == len({(r.dataset_config, r.metric_type) for r in card.data.eval_results})


def test_a_name_that_the_hub_would_not_take_is_refused_before_anything_is_written(tmp_path, demo_run):
    with pytest.raises(UserError, match=r"^'a/b/c' cannot be a name on the Hub; user/name is expected$"):
        write_model_card(demo_run / "model", tmp_path / "card", run_folder=demo_run, repo_id="a/b/c")

    assert not (tmp_path / "card").exists()


def test_it_is_the_same_when_it_is_written_again(cards, demo_run, tmp_path):
    write_model_card(demo_run / "model", tmp_path, run_folder=demo_run, repo_id="user/demo_run")

    for path in ("README.md", "figures/alpha.png", "figures/beta.png"):
        assert (tmp_path / path).read_bytes() == (cards / "demo_run" / path).read_bytes()
