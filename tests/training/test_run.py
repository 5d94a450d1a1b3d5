from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.evaluation.majority_scores import majority_scores
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.recipe import Recipe
from hf_sluice.training.affinity.summary import summarise_affinity
from hf_sluice.training.building import build_corpus
from hf_sluice.training.checkpoints import Checkpoints
from hf_sluice.training.metrics_log import MetricsLog
from hf_sluice.training.run import single_task_recipe, train_recipe
from hf_sluice.training.run_folder import RunFolder
from hf_sluice.training.settings import EarlyStopping
from hf_sluice.training.trainer import MultiTaskTrainer
from tests.training.tiny_training import SIZES

TASKS = ["pos", {"name": "chunk", "weight": 0.5}]


def recipe_of(output, **values):
    return Recipe(
        **{
            "data": {"options": {"train_sentences": 24, "validation_sentences": 8, "test_sentences": 12}},
            "tasks": TASKS,
            "model": SIZES,
            "tokenizer": {"min_count": 1},
            "training": {"epochs": 2, "batch_size": 8, "learning_rate": 0.3, "checkpoint_steps": 1},
            "baselines": ["majority", "single_task"],
            "output": str(output),
            **values,
        }
    )


class Finished(NamedTuple):
    recipe: Recipe
    folder: RunFolder
    trainer: MultiTaskTrainer
    announced: list[str]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A recipe, the folder of its run, its trainer, and what was announced on the way."""
    recipe = recipe_of(tmp_path_factory.mktemp("runs") / "tiny", seed=5)
    trainers, announced = [], []
    folder = train_recipe(recipe, describe=trainers.append, announce=announced.append)
    return Finished(recipe, folder, *trainers, announced)


@pytest.fixture
def copied(finished, tmp_path):
    """The same run in a folder of the test's own."""
    shutil.copytree(finished.folder.path, tmp_path / "copied")
    own = finished.recipe.model_copy(update={"output": str(tmp_path / "copied")})
    (tmp_path / "copied" / "recipe.yaml").write_text(own.to_yaml(), encoding="utf-8")
    return own


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def scores_of(rows):
    return {(row.task, row.domain, row.metric, row.span_type): row.value for row in rows}


def test_every_system_is_scored_on_validation_and_test(finished):
    scores = finished.folder.read_results()["scores"]

    assert list(scores) == ["majority", "single task", "sluice"]
    reference = {split: set(scores_of(rows)) for split, rows in scores["sluice"].items()}
    assert list(reference) == ["validation", "test"]
    for splits in scores.values():
        assert {split: set(scores_of(rows)) for split, rows in splits.items()} == reference
    domains = {"news", "chat", "travel", "recipes", "all", "macro"}
    assert {row.domain for row in scores["sluice"]["test"]} == domains


def test_the_results_describe_the_run(finished):
    results, model = finished.folder.read_results(), finished.trainer.model

    assert (results["system"], results["seed"], results["processes"]) == ("sluice", 5, 1)
    assert [(task["name"], task["weight"]) for task in results["tasks"]] == [("pos", 1.0), ("chunk", 0.5)]
    assert results["parameters"] == sum(parameter.numel() for parameter in model.parameters())
    assert (results["epochs"], results["steps"]) == (2, 6)
    assert results["best_epoch"] in (0, 1)
    assert torch.equal(torch.tensor(results["alpha"]), model.alpha)
    assert torch.equal(torch.tensor(results["beta"]), model.beta)
    assert results["versions"]["torch"] == torch.__version__
    assert results["machine"]["threads"] == torch.get_num_threads()
    assert {group["split"] for group in results["data"]["groups"]} == {"train", "validation", "test"}
    assert list(results["data"]["training_labels"]) == ["pos", "chunk"]
    assert 0 < results["training_seconds"] <= results["seconds"]


def test_the_best_score_is_that_of_the_model_that_was_tested(finished):
    results = finished.folder.read_results()
    rows = scores_of(results["scores"]["sluice"]["validation"])
    mean = (rows["pos", "all", "accuracy", None] + rows["chunk", "all", "span_f1", None]) / 2

    assert results["best_score"] == pytest.approx(mean)


def test_the_majority_baseline_is_that_of_the_corpus(finished):
    recipe, folder = finished.recipe, finished.folder
    for split, rows in folder.read_results()["scores"]["majority"].items():
        assert rows == majority_scores(build_corpus(recipe), split)


def test_the_single_task_baseline_is_a_run_of_each_task(finished):
    recipe, folder = finished.recipe, finished.folder
    assert finished.announced == ["single task pos", "single task chunk", "sluice"]
    joined = {"validation": [], "test": []}
    for task in recipe.task_names:
        single = single_task_recipe(recipe, task)
        below = RunFolder(Path(single.output))
        assert below.path == folder.path / "single_task" / task
        assert (below.path / "recipe.yaml").read_text(encoding="utf-8") == single.to_yaml()
        for split, rows in below.read_results()["scores"]["single task"].items():
            joined[split] += rows

    assert folder.read_results()["scores"]["single task"] == joined


def test_a_single_task_run_is_what_its_recipe_alone_gives(finished, tmp_path):
    recipe, folder = finished.recipe, finished.folder
    alone = single_task_recipe(recipe, "chunk").model_copy(update={"output": str(tmp_path)})
    found = train_recipe(alone).read_results()
    below = RunFolder(folder.path / "single_task" / "chunk").read_results()

    assert found["system"] == "single task"
    assert found["scores"] == below["scores"]


def test_the_saved_model_predicts_what_the_trained_one_does(finished):
    folder, trained = finished.folder, finished.trainer.model.eval()
    words = [["the", "dog", "slept"], ["unheard", "words"]]
    loaded = SluiceForTokenClassification.from_pretrained(folder.model)
    batch = TaggerTokenizer.from_pretrained(folder.model).encode_words(words).batch([0, 1])

    with torch.no_grad():
        one, other = trained(**batch).logits, loaded(**batch).logits
    assert {task: torch.equal(one[task], other[task]) for task in one} == {"pos": True, "chunk": True}


def test_checkpoints_are_removed_and_metrics_kept(finished):
    folder = finished.folder.path

    assert sorted(path.name for path in folder.iterdir()) == [
        "metrics.jsonl", "model", "recipe.yaml", "results.json", "single_task",
    ]  # fmt: skip
    assert [event["epoch"] for event in MetricsLog(folder / "metrics.jsonl").read()] == [0, 1]


def test_resuming_a_finished_run_changes_nothing(copied, monkeypatch):
    before = contents(copied.output)
    monkeypatch.setattr(MultiTaskTrainer, "train", None)
    train_recipe(copied, resume=True)

    assert contents(copied.output) == before


def test_another_recipe_is_refused_and_changes_nothing(copied):
    before = contents(copied.output)

    with pytest.raises(UserError, match=r"holds a run already; use --resume"):
        train_recipe(copied)
    for other in ({"seed": 6}, {"tasks": ["pos"]}):
        with pytest.raises(UserError, match=r"begun with another recipe or seed; use --overwrite$"):
            train_recipe(copied.model_copy(update=other), resume=True)
    assert contents(copied.output) == before


@pytest.mark.parametrize(
    "values",
    [
        {"tasks": ["xpos"]},
        {"model": {"hiden_size": 8}},
        {"training": {"early_stopping": {"metric": "ner"}}},
        {"data": {"options": {"train_sentences": 1}}},
    ],
)
def test_a_recipe_that_cannot_be_trained_overwrites_nothing(copied, tmp_path, values):
    before = contents(copied.output)

    with pytest.raises(UserError):
        train_recipe(Recipe.model_validate(copied.model_dump() | values), overwrite=True)
    assert contents(copied.output) == before
    with pytest.raises(UserError):
        train_recipe(Recipe.model_validate(copied.model_dump() | values | {"output": str(tmp_path / "new")}))
    assert not (tmp_path / "new").exists()


def timeless(results):
    return {name: value for name, value in results.items() if "seconds" not in name}


def test_overwriting_gives_the_same_results_again(copied, finished):
    (Path(copied.output) / "single_task" / "left" / "over").mkdir(parents=True)
    folder = train_recipe(copied, overwrite=True)

    assert timeless(folder.read_results()) == timeless(finished.folder.read_results())
    assert not (folder.path / "single_task" / "left").exists()


class Killed(BaseException):
    """In place of a signal."""


def note_saves(monkeypatch, system, die_after=None):
    """The steps of a system's checkpoints; dies after some of them."""
    save, steps = Checkpoints.save, []

    def save_and_die(self, step, state):
        save(self, step, state)
        if self._folder.parent.name == system:
            steps.append(step)
            if len(steps) == die_after:
                raise Killed

    monkeypatch.setattr(Checkpoints, "save", save_and_die)
    return steps


@pytest.mark.parametrize(("system", "saves"), [("pos", 2), ("chunk", 3), ("killed", 4)])
def test_a_run_killed_in_any_of_its_models_is_resumed_to_the_same_results(
    finished, tmp_path, monkeypatch, system, saves
):
    recipe = finished.recipe.model_copy(update={"output": str(tmp_path / "killed")})
    with monkeypatch.context() as patched:
        note_saves(patched, system, die_after=saves)
        with pytest.raises(Killed):
            train_recipe(recipe)
    trained, steps = [], note_saves(monkeypatch, system)
    folder = train_recipe(recipe, resume=True, announce=trained.append)

    assert timeless(folder.read_results()) == timeless(finished.folder.read_results())
    assert steps == list(range(saves + 1, 7))
    assert trained == finished.announced[["pos", "chunk", "killed"].index(system) :]
    assert (folder.model / "model.safetensors").read_bytes() == (
        finished.folder.model / "model.safetensors"
    ).read_bytes()


def test_without_baselines_there_is_the_model_alone(tmp_path):
    model = {**SIZES, "sharing": "hard_sharing"}
    folder = train_recipe(recipe_of(tmp_path, baselines=[], model=model))

    assert list(folder.read_results()["scores"]) == ["hard sharing"]
    assert not (tmp_path / "single_task").exists()


def test_a_corpus_without_a_split_is_refused_before_training(tmp_path):
    (tmp_path / "x.conll").write_text("a X\nb Y\n", encoding="utf-8")
    files = {"train": "x.conll", "validation": "x.conll"}
    options = {"files": files, "columns": ["token", "pos"]}
    data = {"corpus": "columns", "root": str(tmp_path), "options": options}

    with pytest.raises(UserError, match=r"^data: the corpus has no split 'test'; it has train, validation$"):
        train_recipe(recipe_of(tmp_path / "run", tasks=[{"name": "pos"}], data=data))


def test_a_task_that_is_missing_from_training_is_refused(tmp_path):
    (tmp_path / "x.conll").write_text("a X _\nb Y _\n", encoding="utf-8")
    files = dict.fromkeys(("train", "validation", "test"), "x.conll")
    options = {"files": files, "columns": ["token", "pos", "ner"], "missing": "_"}
    data = {"corpus": "columns", "root": str(tmp_path), "options": options}
    tasks = [{"name": "pos"}, {"name": "ner", "labels": ["A", "B"]}]

    with pytest.raises(UserError, match=r"^split 'train': no sentence has a label of task 'ner'"):
        train_recipe(recipe_of(tmp_path / "run", tasks=tasks, data=data, baselines=[]))


def test_regression_and_tasks_of_one_label_run_to_their_end(tmp_path):
    (tmp_path / "x.conll").write_text("a X 1.5\nb X -2\n\nc X 0.25\n", encoding="utf-8")
    files = dict.fromkeys(("train", "validation", "test"), "x.conll")
    options = {"files": files, "columns": ["token", "same", "value"]}
    data = {"corpus": "columns", "root": str(tmp_path), "options": options}
    tasks = [{"name": "same"}, {"name": "value", "kind": "regression", "metric": "mean_squared_error"}]
    results = train_recipe(recipe_of(tmp_path / "run", tasks=tasks, data=data)).read_results()

    for splits in results["scores"].values():
        rows = scores_of(splits["test"])
        assert rows["same", "all", "accuracy", None] == 1.0
        assert math.isfinite(rows["value", "all", "mean_squared_error", None])


def changes(one, other, prefix=""):
    """Dotted fields in which two recipes differ."""
    found = {}
    for name in one.keys() | other.keys():
        before, after = one.get(name), other.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            found |= changes(before, after, f"{prefix}{name}.")
        elif before != after:
            found[f"{prefix}{name}"] = after
    return found


def test_a_single_task_recipe_keeps_all_else_equal():
    recipe = recipe_of("out", seed=3, training={"epochs": 7, "step": "per_task", "optimizer": "adamw"})

    assert changes(recipe.model_dump(), single_task_recipe(recipe, "chunk").model_dump()) == {
        "tasks": [{"name": "chunk", "weight": 0.5}],
        "model.sharing": "single_task",
        "baselines": [],
        "output": str(Path("out") / "single_task" / "chunk"),
        "training.early_stopping": {"metric": "chunk", "patience": 2, "keep": "best"},
    }


@pytest.mark.parametrize(("patience", "keep"), [(4, "best"), (None, "last")])
def test_a_single_task_model_is_chosen_by_its_own_task_in_the_same_way(patience, keep):
    stopping = {"metric": {"pos": 1, "chunk": 2}, "patience": patience, "keep": keep}
    single = single_task_recipe(recipe_of("out", training={"early_stopping": stopping}), "pos")

    assert single.training.early_stopping == EarlyStopping("pos", patience, keep)


def test_affinity_is_in_the_results_of_the_model_and_of_no_single_task(tmp_path):
    training = {"epochs": 1, "batch_size": 8, "affinity": {"steps": 1}}
    folder = train_recipe(recipe_of(tmp_path / "run", training=training, baselines=["single_task"]))
    found = folder.read_results()["affinity"]
    events = [event for event in MetricsLog(folder.path / "metrics.jsonl").read() if event["event"] == "affinity"]

    assert found == summarise_affinity(events)
    assert {source: set(targets) for source, targets in found.items()} == {
        t: {"pos", "chunk"} for t in ("pos", "chunk")
    }
    assert found["pos"]["chunk"]["steps"] == 3
    assert "affinity" not in RunFolder(folder.path / "single_task" / "pos").read_results()


def test_results_of_a_run_without_it_say_nothing_of_affinity(finished):
    assert "affinity" not in finished.folder.read_results()


def test_what_concerns_several_tasks_is_left_to_its_default():
    model = {**SIZES, "alpha_init": [[1.0] * 4] * 4, "beta_init": [[1.0, 0.0]] * 2, "default_task": "chunk"}
    single = single_task_recipe(recipe_of("out", model=model), "pos")

    assert single.model == {**SIZES, "sharing": "single_task"}
