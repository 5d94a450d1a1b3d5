"""A tiny experiment, a pool without processes, and what tests look at of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from hf_sluice.experiments.experiment import Experiment, load_experiment
from hf_sluice.experiments.grid import points
from hf_sluice.experiments.jobs import Ending, Outcome
from hf_sluice.experiments.worker import make_run

if TYPE_CHECKING:
    from pathlib import Path

SIZES = {"num_layers": 1, **dict.fromkeys(("hidden_size", "char_hidden_size", "char_embedding_size"), 4)}
RECIPE = {
    "data": {"options": {"train_sentences": 24, "validation_sentences": 8, "test_sentences": 8}},
    "model": SIZES,
    "training": {"epochs": 2, "batch_size": 8},
}
AXES = {
    "system": {
        "single task": {"tasks": ["pos"], "model": {"sharing": "single_task"}},
        "sluice": {"tasks": ["pos", "chunk"]},
    },
    "source": {"all": {}, "news": {"data": {"train_domains": ["news"]}}},
}
WITHOUT_END = {"training": {"epochs": 100_000, "early_stopping": {"metric": "pos", "patience": None}}}


def values(**changes):
    return {"title": "tiny", "recipe": RECIPE, "axes": AXES, "seeds": [1], **changes}


def write(folder, stem="tiny", **changes) -> Path:
    path = folder / f"{stem}.yaml"
    path.write_text(yaml.safe_dump(values(**changes), sort_keys=False), encoding="utf-8")
    return path


def load(folder, **changes) -> Experiment:
    return load_experiment(write(folder, **changes))


def grid(folder, **changes):
    return points(load(folder, **changes), "tiny.yaml")


class Here:
    """A pool of this process alone.

    Args:
        room: how many jobs it takes before it makes one.
        ending: what comes of a job, by its key, in order; what is not said is made.
    """

    def __init__(self, room=1, **endings) -> None:
        self.made = []
        self._room = room
        self._jobs = []
        self._endings = endings

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        pass

    @property
    def has_room(self):
        return len(self._jobs) < self._room

    def submit(self, job) -> None:
        assert self.has_room
        self._jobs.append(job)

    def wait(self, _seconds):
        for job in self._jobs[:1]:
            self._jobs.remove(job)
            self.made.append(job.point.key)
            if self._endings.get(job.point.key):
                yield job, Outcome(self._endings[job.point.key].pop(0), "so it was wanted")
            else:
                yield job, make_run(job.recipe.model_dump_json(), threads=1, keep_model=job.keep_model)


class Log:
    """A watcher."""

    def __init__(self) -> None:
        self.done = []
        self.given_up = {}

    def finished(self, point) -> None:
        self.done.append(point.key)

    def failed(self, point, outcome) -> None:
        assert outcome.ending is not Ending.DONE
        self.given_up[point.key] = outcome


def what_was_learned(store, point):
    """All of a run's results that are no times."""
    results = store.folder(point).read_results()
    return {name: results[name] for name in ("scores", "alpha", "beta", "parameters", "best_score", "steps", "epochs")}


def state_of(path):
    """What changes when a file is written again."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns
