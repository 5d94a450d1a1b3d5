"""A run from recipe to results: the model and the baselines that the recipe asks for."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from hf_sluice.checkout import package_commit
from hf_sluice.data.characteristics import characteristics
from hf_sluice.data.chosen_tasks import keep_tasks
from hf_sluice.data.data_record import data_record
from hf_sluice.data.statistics import describe as describe_corpus
from hf_sluice.errors import UserError
from hf_sluice.evaluation.majority_scores import majority_scores
from hf_sluice.training.affinity.summary import summarise_affinity
from hf_sluice.training.building import build_corpus, build_model, build_tokenizer, check_model_section
from hf_sluice.training.given_architecture import given_architecture
from hf_sluice.training.launch import make_accelerator
from hf_sluice.training.learned_sharing import learned_sharing
from hf_sluice.training.library_versions import library_versions
from hf_sluice.training.machine import describe_machine
from hf_sluice.training.pruning.checks import check_masks
from hf_sluice.training.pruning.found_masks import FoundMasks, find_masks
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.search_recipe import mask_settings, search_recipe
from hf_sluice.training.recurrent_backend import used_backends
from hf_sluice.training.run_folder import RunFolder
from hf_sluice.training.system_name import system_name
from hf_sluice.training.trainer import MultiTaskTrainer

if TYPE_CHECKING:
    from collections.abc import Callable

    from accelerate import Accelerator

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.evaluation.evaluator import ScoreRow
    from hf_sluice.recipe import Recipe
    from hf_sluice.training.given_architecture import GivenArchitecture

    _Trained: TypeAlias = tuple[dict[str, Any], dict[str, list[ScoreRow]]]

_SPLITS = ("validation", "test")
_OF_SEVERAL_TASKS = ("alpha_init", "beta_init", "default_task", "task_layers", "task_networks")  # fields of the model


def train_recipe(
    recipe: Recipe,
    *,
    resume: bool = False,
    overwrite: bool = False,
    describe: Callable[[MultiTaskTrainer], None] = lambda _trainer: None,
    announce: Callable[[str], None] = lambda _system: None,
    tell: Callable[[str], None] = lambda _line: None,
    corpus: TaggingCorpus | None = None,
    search_folder: Path | None = None,
    save_model: bool = True,
    show_progress: bool = True,
) -> RunFolder:
    """Trains what a recipe describes, and tests it once.

    Nothing is written, or removed, before data, model and settings have been found to fit together.

    Args:
        recipe: the recipe.
        resume: continue a run that was begun with the same recipe and seed; a finished one is left as it is.
        overwrite: remove the run that is there first; the search for the same masks is kept.
        describe: called with the model's trainer before anything is trained, in the main process.
        announce: called with the name of each system before it is trained, in the main process.
        tell: called with a line from time to time while masks are searched for, in every process.
        corpus: what ``build_corpus`` gives for the recipe, where it is loaded already.
        search_folder: where the search for masks is kept; by default ``search/`` in the run's folder.
        save_model: whether to keep the model.
        show_progress: whether to show a bar for each epoch, where standard error is a terminal.

    Returns:
        The run's folder, with ``results.json`` and, unless it is not wanted, ``model/``.

    Raises:
        UserError: something that the user has to put right.
    """
    folder, asked = RunFolder(Path(recipe.output)), recipe
    accelerator = make_accelerator(recipe.training, folder.path, masked=recipe.is_sparse)
    folder.check(recipe, resume=resume, overwrite=overwrite)
    if folder.is_finished and not overwrite:
        return folder
    given = given_architecture(recipe)
    check_model_section(recipe, given)
    recipe = recipe if given is None else given.sized(recipe)
    corpus = build_corpus(recipe) if corpus is None else corpus
    _check_splits(corpus)
    trainer = _make_trainer(recipe, corpus, accelerator, folder, given)
    search = SearchFolder(search_folder or folder.search)
    searched = _searched(recipe, trainer)
    if searched is not None and not (overwrite and search_folder is None):
        search.check(searched)
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        folder.open(asked, overwrite=overwrite)
        if overwrite and search_folder is None:
            search.remove_other(searched)
        describe(trainer)
    else:
        announce = _say_nothing
    accelerator.wait_for_everyone()
    began = time.perf_counter()
    found = _give_masks(trainer, recipe, corpus, search.path, tell, given)
    search_seconds = round(time.perf_counter() - began, 2)
    corpus = _of_trained_tasks(recipe, corpus)
    training = partial(_train, save_model=save_model, show_progress=show_progress)
    scores: dict[str, dict[str, list[ScoreRow]]] = {}
    if "majority" in recipe.baselines:
        scores["majority"] = {split: majority_scores(corpus, split) for split in _SPLITS}
    if "single_task" in recipe.baselines:
        scores["single task"] = _train_single_tasks(recipe, corpus, accelerator, announce, training)
    system = system_name(recipe)
    announce(system)
    values, scores[system] = training(trainer, recipe.seed, folder)
    if accelerator.is_main_process:
        if found is not None:
            values |= {"search": found.to_dict(), "search_seconds": search_seconds}
            folder.save_masks(found.masks)
        if given is not None:
            values["architecture"] = given.to_dict()
        statistics = describe_corpus(corpus)
        values = {
            "system": system,
            **values,
            "characteristics": characteristics(statistics),
            "data": data_record(statistics),
        }
        folder.write_results(values, scores)
        trainer.checkpoints.clear()
    accelerator.wait_for_everyone()
    return folder


def _searched(recipe: Recipe, trainer: MultiTaskTrainer) -> Recipe | None:
    """The search that a recipe needs, None where it needs none; raises RecipeError if its masks make no sense."""
    if not recipe.finds_masks:
        return None
    check_masks(recipe, trainer.accelerator.unwrap_model(trainer.model).config)
    return search_recipe(recipe) if mask_settings(recipe).needs_training else None


def _give_masks(
    trainer: MultiTaskTrainer,
    recipe: Recipe,
    corpus: TaggingCorpus,
    folder: Path,
    tell: Callable[[str], None],
    given: GivenArchitecture | None,
) -> FoundMasks | None:
    """Finds the masks of a model of sparse sharing, and gives it these and the weights to begin with."""
    if not recipe.is_sparse:
        return None
    if given is None:
        found = find_masks(recipe, corpus, folder, device=trainer.accelerator.device, tell=tell)
    else:
        found = FoundMasks(given.masks(recipe.task_names), {}, ())
    trainer.change_model(found.apply)
    return found


def _of_trained_tasks(recipe: Recipe, corpus: TaggingCorpus) -> TaggingCorpus:
    """Without the tasks that are there for the search alone."""
    trained = [task for task in corpus.tasks if task.name in recipe.task_names]
    return corpus if len(trained) == len(corpus.tasks) else keep_tasks(corpus, trained)


def _say_nothing(_system: str) -> None:
    """What the other processes announce."""


def _check_splits(corpus: TaggingCorpus) -> None:
    for split in ("train", *_SPLITS):
        if split not in corpus:
            raise UserError(f"data: the corpus has no split {split!r}; it has {', '.join(corpus)}")


def _train_single_tasks(
    recipe: Recipe,
    corpus: TaggingCorpus,
    accelerator: Accelerator,
    announce: Callable[[str], None],
    training: Callable[[MultiTaskTrainer, int, RunFolder], _Trained],
) -> dict[str, list[ScoreRow]]:
    """One model per task, all else equal; each is a run of its own in a folder below, chosen by its own task."""
    scores: dict[str, list[ScoreRow]] = {split: [] for split in _SPLITS}
    for name in recipe.task_names:
        single = single_task_recipe(recipe, name)
        below = RunFolder(Path(single.output))
        if accelerator.is_main_process and not below.is_finished:
            below.check(single, resume=True, overwrite=False)
            below.open(single, overwrite=False)
        accelerator.wait_for_everyone()
        if not below.is_finished:
            announce(f"single task {name}")
            trainer = _make_trainer(single, corpus, accelerator, below)
            values, rows = training(trainer, single.seed, below)
            if accelerator.is_main_process:
                below.write_results({"system": "single task", **values}, {"single task": rows})
                trainer.checkpoints.clear()
            accelerator.wait_for_everyone()
        for split, rows in below.read_results()["scores"]["single task"].items():
            scores[split].extend(rows)
    return scores


def single_task_recipe(recipe: Recipe, task: str) -> Recipe:
    """The recipe of a single-task model: the same but for the task and what concerns several tasks."""
    from hf_sluice.training.settings import EarlyStopping

    described = [t for t in recipe.tasks if task == (t if isinstance(t, str) else t["name"])]
    stopping = replace(recipe.training.early_stopping or EarlyStopping(task), metric=task)
    model = {k: v for k, v in recipe.model.items() if k not in _OF_SEVERAL_TASKS}
    values = recipe.model_dump() | {
        "tasks": described,
        "model": model if recipe.is_sparse else model | {"sharing": "single_task"},
        "architecture": None,
        "masks": {"method": "all", "warmup_epochs": 0} if recipe.is_sparse else None,
        "baselines": [],
        "output": str(Path(recipe.output) / "single_task" / task),
    }
    values["training"] = {
        **values["training"],
        "early_stopping": asdict(stopping),
        "objective": {"name": "fixed"},
        "affinity": None,
    }
    return type(recipe).model_validate(values)


def _make_trainer(
    recipe: Recipe,
    corpus: TaggingCorpus,
    accelerator: Accelerator,
    folder: RunFolder,
    given: GivenArchitecture | None = None,
) -> MultiTaskTrainer:
    tasks = tuple(task for task in corpus.tasks if task.name in recipe.task_names)
    tokenizer = build_tokenizer(recipe.tokenizer, corpus, recipe.model.get("word_features", ()))
    model = build_model(recipe, tasks, tokenizer, recipe.seed, given)
    return MultiTaskTrainer(
        model, tokenizer, corpus, tasks, recipe.training, folder.path, seed=recipe.seed, accelerator=accelerator
    )


def _train(
    trainer: MultiTaskTrainer, seed: int, folder: RunFolder, *, save_model: bool, show_progress: bool
) -> _Trained:
    """Trains one model and tests it: plain values, and score rows per split."""
    accelerator = trainer.accelerator
    started = time.perf_counter()
    result = trainer.train(resume=True, show_progress=show_progress)
    model = accelerator.unwrap_model(trainer.model)
    scores = {split: trainer.evaluate(split) for split in _SPLITS}
    if save_model and accelerator.is_main_process:
        folder.save_model(model, trainer.tokenizer)
    values = {
        "seed": seed,
        "tasks": [task.to_dict() for task in trainer.tasks],
        "parameters": model.num_parameters(),
        "best_score": result.best_score,
        "best_epoch": result.best_epoch,
        "epochs": result.epochs,
        "steps": result.steps,
        "training_seconds": round(result.seconds, 2),
        "seconds": round(time.perf_counter() - started, 2),
        **learned_sharing(model),
        **({} if trainer.settings.affinity is None else {"affinity": summarise_affinity(trainer.log.read())}),
        "processes": accelerator.num_processes,
        "device": accelerator.device.type,
        "machine": describe_machine(accelerator.device),
        "recurrent_backends": used_backends(model),
        "commit": package_commit(),
        "versions": library_versions(),
    }
    return values, scores
