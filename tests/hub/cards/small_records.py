"""Records of small untrained models with results that are made up, for the tests of cards."""

from __future__ import annotations

from pathlib import Path

import torch

from hf_sluice.evaluation.evaluator import ScoreBoard
from hf_sluice.hub.cards.record import CardRecord
from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.prediction.model_folder import SavedTagger
from hf_sluice.recipe import make_recipe
from hf_sluice.tasks import Task
from hf_sluice.training.run_folder import RunFolder
from tests.training.tiny_training import new_model

POS = Task("pos", ("DT", "NN", "VB"))
NER = Task("ner", ("O", "B-PER", "I-PER", "B-LOC", "I-LOC"), scheme="IOB2", metric="span_f1")
AGE = Task("age", kind="regression", metric="mean_squared_error")
DOMAINS = ("blog", "news", "chat")
TRAINED = ("blog", "news")

TOKENIZER = TaggerTokenizer.train_from_words([["a", "house"], ["the", "dog", "sings"]])


def new_sparse_model(tasks, masks=None, **values):
    """A model of sparse sharing; ``masks`` give for each task the share of the weights that remain, the first ones."""
    config = SparseSharingConfig(
        tasks=[task.to_dict() for task in tasks], vocab_size=TOKENIZER.vocab_size,
        char_vocab_size=TOKENIZER.char_vocab_size, word_embedding_size=6, char_embedding_size=4, char_filters=4,
        hidden_size=6, **values,
    )  # fmt: skip
    torch.manual_seed(0)
    model = SparseSharingForTokenClassification(config)
    if masks is not None:
        model.set_masks({task: _first(config.masked_shapes(), share) for task, share in masks.items()})
    return model


def _first(shapes, share):
    found = {}
    for name, shape in shapes.items():
        mask = torch.zeros(shape, dtype=torch.bool).flatten()
        mask[: round(share * mask.numel())] = True
        found[name] = mask.view(shape)
    return found


def rows_of(tasks, domains=DOMAINS, wrong=0):
    """Score rows of predictions of which the last ``wrong`` of ten in each domain are wrong."""
    board = ScoreBoard(tasks, domains)
    for number, domain in enumerate(domains or [None]):
        for task in tasks:
            expected = [1.0 + (word % 2) for word in range(10)]
            bad = wrong + number
            predicted = [value if word < 10 - bad else 3.0 - value for word, value in enumerate(expected)]
            board.update(task.name, [predicted], [expected], [domain])
    return board.compute()


def results_of(tasks, *, domains=DOMAINS, trained=TRAINED, parameters=0, **values):
    """What a run would have recorded."""
    groups = [
        {"split": split, "domain": domain, "sentences": 10, "words": 100, "types": 50,
         "unknown_words": None if split == "train" else 25, "labelled": {task.name: 100 for task in tasks}}
        for split, of in (("train", trained), ("validation", trained), ("test", domains))
        for domain in (None, *of)
    ]  # fmt: skip
    counts = {task.name: {label: 20 * i for i, label in enumerate(task.labels)} for task in tasks if task.labels}
    return {
        "system": "sluice", "seed": 7, "tasks": [task.to_dict() for task in tasks], "parameters": parameters,
        "best_score": 0.5, "best_epoch": 1, "epochs": 3, "steps": 1200, "training_seconds": 61.0, "seconds": 70.0,
        "processes": 1, "device": "cpu", "machine": {"processor": "A Processor", "threads": 2, "gpu": None},
        "commit": "c0ffee", "versions": {"hf_sluice": "0.1.0", "torch": "9.9"},
        "data": {"notes": ["a note on *all* of it"], "groups": groups, "training_labels": counts},
        "scores": {
            "majority": {"test": rows_of(tasks, domains, 3)},
            "single task": {"test": rows_of(tasks, domains, 1)},
            "sluice": {"validation": rows_of(tasks, domains), "test": rows_of(tasks, domains, 2)},
        },
        **values,
    }  # fmt: skip


def recipe_of(tasks_of_model, **values):
    named = {"tasks": [task.name for task in tasks_of_model]} if tasks_of_model else {}
    return make_recipe({**named, "output": "/home/me/runs/mine", **values}, "recipe")


def record_of(tasks=(POS, NER), *, model=None, results=None, recipe=None, **fields):
    """A record; without results and recipe that of a model alone."""
    model = new_model(TOKENIZER, tasks) if model is None else model
    return CardRecord(SavedTagger(model, TOKENIZER, Path("model")), "user/small", results, recipe, **fields)


def full_record(tasks=(POS, NER), **values):
    model = new_model(TOKENIZER, tasks)
    results = results_of(tasks, parameters=model.num_parameters(), **values)
    return record_of(tasks, model=model, results=results, recipe=recipe_of(tasks))


def save_run(folder, record):
    """Writes a record as the folder of a run."""
    run = RunFolder(folder)
    run.open(record.recipe, overwrite=False)
    run.save_model(record.tagger.model, record.tagger.tokenizer)
    values = {name: value for name, value in record.results.items() if name != "scores"}
    run.write_results(values, record.results["scores"])
    return folder
