"""The training loop."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from accelerate.utils import gather_object

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ScoreBoard, ScoreRow, main_score
from hf_sluice.freed_memory import keep_freed_memory
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.models.word_features import listed
from hf_sluice.training.affinity.meter import AffinityMeter
from hf_sluice.training.affinity.probes import ProbePlanner
from hf_sluice.training.averaging import ParameterAverages
from hf_sluice.training.checkpoints import Checkpoints
from hf_sluice.training.encoded_split import EncodedSplit, check_labels, encode_split
from hf_sluice.training.launch import make_accelerator
from hf_sluice.training.loss_means import LossMeans
from hf_sluice.training.metrics_log import MetricsLog
from hf_sluice.training.objectives.making import make_objective
from hf_sluice.training.optimization import learning_rate
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.progress_bar import TrainingBar
from hf_sluice.training.recurrent_backend import check_recurrent_backend
from hf_sluice.training.sampling import Step, make_planner, total_steps
from hf_sluice.training.scoring import score_split
from hf_sluice.training.settings import EarlyStopping, TrainingSettings
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import make_step_optimizer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from accelerate import Accelerator
    from datasets import Dataset
    from torch import Tensor

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.tasks import Task


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """How training ended.

    Args:
        best_score: development score of the model that was kept; the best one unless the last epoch's model is kept.
        best_epoch: the epoch of that model, from 0.
        epochs: epochs begun.
        steps: optimisation steps.
        seconds: wall time of this process; of the last stretch only, where the run was resumed.
    """

    best_score: float
    best_epoch: int
    epochs: int
    steps: int
    seconds: float


class MultiTaskTrainer:
    """Trains a tagger on several tasks at once, on one or several connected processes.

    A run is a function of recipe and seed: what a step draws at random depends on the seed, the step's number and the
    process alone, so that a resumed run ends with the same parameters, bit for bit, as one left alone.

    Args:
        model: the tagger; its configuration names the tasks.
        tokenizer: gives words their ids.
        corpus: splits ``train`` and ``validation`` at least, with the columns of DESIGN.md.
        tasks: what the columns hold; the names are those of the model's tasks.
        settings: how to train.
        run_folder: where metrics and checkpoints go.
        seed: of batches, task order and noise.
        accelerator: by default one made for the settings.

    Raises:
        UserError: a tokenizer that tells other word features than the model reads, a split without labels for a task, a
            launch that would run as unconnected copies, or a recurrent backend that is impossible where the model is
            trained.
    """

    def __init__(
        self,
        model: TaggerForTokenClassification,
        tokenizer: TaggerTokenizer,
        corpus: Mapping[str, Dataset],
        tasks: Sequence[Task],
        settings: TrainingSettings,
        run_folder: Path,
        *,
        seed: int = 0,
        accelerator: Accelerator | None = None,
    ) -> None:
        keep_freed_memory()
        masked = isinstance(model, SparseSharingForTokenClassification)
        self.accelerator = accelerator or make_accelerator(settings, run_folder, masked=masked)
        self.tasks = tuple(tasks)
        self.settings = settings
        check_recurrent_backend(model, self.accelerator.device)
        _check_features(model, tokenizer)
        self._corpus = corpus
        self.tokenizer = tokenizer
        self._splits: dict[str, EncodedSplit] = {}
        self._names = [task.name for task in self.tasks]
        self._check_labels()
        self.planner = make_planner(self.split("train"), self._names, settings, seed)
        self.objective = make_objective(settings.objective, self.tasks, self.accelerator, model)
        self.model = self.accelerator.prepare(model)
        self._seed = seed
        self._make_steps()
        self._stopping = settings.early_stopping or EarlyStopping({task.name: 1.0 for task in self.tasks})
        self.checkpoints = Checkpoints(run_folder / "checkpoints")
        self.log = MetricsLog(run_folder / "metrics.jsonl")
        self._progress = TrainingProgress(unlogged=None if settings.log_steps is None else LossMeans())
        self._best_model: dict[str, Tensor] = {}
        self._run_folder = run_folder

    def split(self, name: str) -> EncodedSplit:
        """A split, encoded when it is asked for first; raises UserError if the corpus lacks it."""
        if name not in self._corpus:
            raise UserError(f"split {name!r}: the corpus has none; training needs train and validation, testing test")
        if name not in self._splits:
            self._splits[name] = encode_split(self._corpus[name], self.tokenizer, self.tasks)
        return self._splits[name]

    def change_model(self, change: Callable[[Any], None]) -> None:
        """Changes the model before it is trained: its weights, or its masks, of which the optimiser has to know."""
        change(self._unwrapped())
        self._make_steps()

    def train(self, *, resume: bool = False, show_progress: bool = True) -> TrainingResult:
        """Trains, and leaves the model of the best epoch, or of the last if that is to be kept, in ``model``.

        Args:
            resume: continue from the last checkpoint, if there is one.
            show_progress: whether to show a bar, where standard error is a terminal.

        Raises:
            ModelFolderError: the checkpoint to resume from is damaged.
        """
        started = time.perf_counter()
        self._run_folder.mkdir(parents=True, exist_ok=True)
        if resume:
            self._restore()
        self._progress.total_steps = total_steps(self.planner, self.settings)
        if self.accelerator.is_main_process:
            self.log.rewind(self._progress.step)
        if self.settings.trackers:
            self.accelerator.init_trackers("hf_sluice")
        with TrainingBar(self.settings.epochs, shown=show_progress and self.accelerator.is_main_process) as bar:
            while not self._is_finished():
                self._train_epoch(bar)
        if self._keeps_best:
            self._unwrapped().load_state_dict(self._best_model)
        elif self._averages is not None:
            self._averages.put_in_place()
        if self.settings.trackers:
            self.accelerator.end_training()
        return self._result(time.perf_counter() - started)

    def evaluate(self, split: str) -> list[ScoreRow]:
        """Scores per task and domain on a split, over all processes; the same in each of them."""
        accelerator = self.accelerator
        board = score_split(
            self._unwrapped(),
            self.split(split),
            self.tasks,
            process=accelerator.process_index,
            num_processes=accelerator.num_processes,
        )
        return _merged(gather_object([board])).compute()

    def _make_steps(self) -> None:
        # Not prepared: all that would be added is the scaling of float16, in which nothing is trained.
        self._optimizer = make_step_optimizer(
            self._unwrapped(), self._names, self.settings, self.objective.parameters()
        )
        self._steps = StepTrainer(
            self.model,
            self._optimizer,
            self.objective,
            self.split("train"),
            self.settings,
            self.accelerator,
            self._seed,
        )
        decay = self.settings.average_decay
        self._averages = None if decay is None else ParameterAverages(self._unwrapped(), decay)
        self._meter = self._make_meter()

    def _make_meter(self) -> AffinityMeter | None:
        settings = self.settings
        if settings.affinity is None:
            return None
        if len(self._names) == 1:
            raise UserError(f"training.affinity: is measured between tasks, and {self._names[0]!r} is the only one")
        probes = ProbePlanner(self.split("train"), self._names, settings, self._seed)
        return AffinityMeter(
            self._unwrapped(), self._steps, probes, settings, settings.affinity, self.accelerator, self._seed
        )

    def _check_labels(self) -> None:
        for split in ("train", "validation"):
            check_labels(self.split(split), split, self._names)
        for name in self._stopping_weights():
            if name not in self._names:
                raise UserError(f"early_stopping.metric: {name!r} is none of the tasks {', '.join(self._names)}")

    def _stopping_weights(self) -> dict[str, float]:
        stopping = self.settings.early_stopping
        return stopping.weights if stopping else {}

    @property
    def _keeps_best(self) -> bool:
        return self._stopping.keep == "best"

    def _result(self, seconds: float) -> TrainingResult:
        progress = self._progress
        kept = (progress.best_score, progress.best_epoch)
        score, epoch = kept if self._keeps_best else (progress.last_score, progress.epoch - 1)
        assert score is not None  # noqa: S101
        assert epoch is not None  # noqa: S101
        return TrainingResult(score, epoch, progress.epoch, progress.step, seconds)

    def _is_finished(self) -> bool:
        patience = self._stopping.patience
        return self._progress.epoch >= self.settings.epochs or (
            patience is not None and self._progress.epochs_without_gain >= patience
        )

    def _train_epoch(self, bar: TrainingBar) -> None:
        progress, started, tokens_before = self._progress, time.perf_counter(), self._progress.tokens
        steps = self.planner.epoch(progress.epoch)
        bar.start_epoch(progress.epoch, len(steps), progress.step_in_epoch)
        self.model.train()
        ahead = steps[progress.step_in_epoch :]
        with self._steps.expecting(ahead):
            for step in ahead:
                self._train_step(step)
                if bar.wants_status(progress.step):
                    speed = (progress.tokens - tokens_before) / (time.perf_counter() - started)
                    bar.advance(f"{self._losses_and_weights()}  {speed:,.0f} tokens/s")
                else:
                    bar.advance()
                every = self.settings.checkpoint_steps
                if every and progress.step % every == 0 and progress.step_in_epoch < len(steps):
                    self._checkpoint()
        speed = (progress.tokens - tokens_before) / (time.perf_counter() - started)
        self._finish_epoch(speed)

    def _train_step(self, step: Step) -> None:
        affinity = None if self._meter is None else self._meter.measure(step, self._progress)
        self._steps.train(step, self._progress)
        if self._averages is not None:
            self._averages.update(self._progress.step - 1)
        if affinity is not None and self.accelerator.is_main_process:
            self.log.write("affinity", self._progress.step, affinity=affinity)
        if self.settings.log_steps and self._progress.step % self.settings.log_steps == 0:
            self._log_losses()

    def _log_losses(self) -> None:
        """Writes the losses since the line before, of the tasks alone."""
        unlogged = self._progress.unlogged
        assert unlogged is not None  # noqa: S101
        losses = self._over_processes(unlogged)
        unlogged.clear()
        if self.accelerator.is_main_process:
            of_tasks = {name: losses[name] for name in self._names if name in losses}
            self.log.write("loss", self._progress.step, losses=of_tasks)

    def _finish_epoch(self, tokens_per_second: float) -> None:
        progress = self._progress
        with nullcontext() if self._averages is None else self._averages.in_place():
            rows = self.evaluate("validation")
            score = self._development_score(rows)
            if progress.record(score) and self._keeps_best:
                self._best_model = {k: v.detach().cpu().clone() for k, v in self._unwrapped().state_dict().items()}
        scores = {task.name: main_score(rows, task).value for task in self.tasks}
        losses, weights = self._over_processes(progress.losses), self.objective.values()
        if self.accelerator.is_main_process:
            self.log.write(
                "epoch",
                progress.step,
                epoch=progress.epoch,
                learning_rate=learning_rate(self.settings, progress.epoch, progress.step, progress.total_steps),
                losses=losses,
                **weights,
                validation=scores,
                score=score,
                tokens_per_second=round(tokens_per_second, 1),
            )
        if self.settings.trackers:
            groups: dict[str, Mapping[str, float | None]] = {
                "loss": losses,
                "weight": weights.get("weights", {}),
                "validation": scores,
            }
            values = {f"{group}/{name}": value for group, of in groups.items() for name, value in of.items()}
            self.accelerator.log(values, step=progress.step)
        self.objective.finish_epoch(losses)
        progress.next_epoch()
        self._checkpoint()

    def _losses_and_weights(self) -> str:
        """The losses of the epoch so far as one number, and the weights where they are not fixed."""
        loss = sum(value for name, value in self._progress.mean_losses().items() if name != "penalty")
        weights = self.objective.values().get("weights", {})
        if self.settings.objective.name == "fixed" or not weights:
            return f"loss {loss:.3f}"
        return f"loss {loss:.3f}  weights {' '.join(f'{weight:.2f}' for weight in weights.values())}"

    def _over_processes(self, losses: LossMeans) -> dict[str, float]:
        """Mean losses over all processes; each has computed its share only."""
        own = losses.means()
        over_all = self.accelerator.reduce(torch.tensor(list(own.values()), device=self.accelerator.device), "mean")
        return dict(zip(own, over_all.tolist(), strict=True))

    def _development_score(self, rows: Sequence[ScoreRow]) -> float:
        """Weighted mean of the tasks' scores, larger being better."""
        weights = self._stopping.weights
        total = 0.0
        for task in self.tasks:
            if task.name in weights:
                value = main_score(rows, task).value or 0.0  # a score that nothing speaks for
                total += weights[task.name] * (value if task.metric.larger_is_better else -value)
        return total / sum(weights.values())

    def _checkpoint(self) -> None:
        if self.accelerator.is_main_process:
            state = {
                "model": self._unwrapped().state_dict(),
                "best_model": self._best_model,
                "averages": {} if self._averages is None else self._averages.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "objective": self.objective.state_dict(),
                "progress": self._progress.state_dict(),
            }
            self.checkpoints.save(self._progress.step, state)
        self.accelerator.wait_for_everyone()

    def _restore(self) -> None:
        state = self.checkpoints.load()
        if state is None:
            return
        self._unwrapped().load_state_dict(state["model"])
        self._best_model = state["best_model"]
        if self._averages is not None:
            self._averages.load_state_dict(state["averages"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.objective.load_state_dict(state["objective"])
        self._progress = TrainingProgress.from_state_dict(state["progress"])
        self._progress.move_to(self.accelerator.device)

    def _unwrapped(self) -> TaggerForTokenClassification:
        return self.accelerator.unwrap_model(self.model)


def _merged(boards: Sequence[ScoreBoard]) -> ScoreBoard:
    first, *others = boards
    for other in others:
        first.merge(other)
    return first


def _check_features(model: TaggerForTokenClassification, tokenizer: TaggerTokenizer) -> None:
    told, read = tuple(tokenizer.word_features), tuple(model.config.word_features)
    if told != read:
        raise UserError(f"word_features: the tokenizer tells {listed(told)} of words, the model reads {listed(read)}")
