"""How a model is trained, as plain checked values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from hf_sluice.training.affinity.settings import AffinitySettings  # noqa: TC001 - pydantic reads it
from hf_sluice.training.objectives.settings import ObjectiveSettings

# Read by pydantic where a recipe holds these; plain dataclasses elsewhere.
_NO_OTHER_FIELDS = {"extra": "forbid"}

StepKind = Literal["joint", "per_task"]
TaskSampling = Literal["uniform", "proportional", "temperature"]
OptimizerName = Literal["sgd", "adamw", "adadelta"]
OptimizerState = Literal["shared", "per_task"]
Precision = Literal["no", "bf16"]
KeptEpoch = Literal["best", "last"]
LearningRateSchedule = Literal["inverse_time", "linear", "cosine"]

_BATCH_SIZE = 32

_CHOICES = {
    "step": get_args(StepKind),
    "sampling": get_args(TaskSampling),
    "optimizer": get_args(OptimizerName),
    "optimizer_state": (*get_args(OptimizerState), None),
    "learning_rate_schedule": get_args(LearningRateSchedule),
    "mixed_precision": (*get_args(Precision), None),
}


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """When training ends before its last epoch, and which epoch's model is kept.

    Args:
        metric: the task whose development score decides (the papers' main task), or a weight for each of several
            tasks. Scores that are better when smaller count negatively.
        patience: epochs without improvement after which training ends (2 in the papers); None trains to the end and
            only chooses the best epoch.
        keep: the epoch whose model is kept: the ``best``, or the ``last`` one (Bingel & Søgaard 2017).
    """

    __pydantic_config__: ClassVar = _NO_OTHER_FIELDS

    metric: str | dict[str, float]
    patience: int | None = 2
    keep: KeptEpoch = "best"

    def __post_init__(self) -> None:
        if self.keep not in get_args(KeptEpoch):
            raise ValueError(f"keep {self.keep!r} is none of {', '.join(get_args(KeptEpoch))}")
        if self.patience is not None and self.patience < 1:
            raise ValueError(f"patience {self.patience} should be at least 1, or null for none")
        if not isinstance(self.metric, str) and not self.metric:
            raise ValueError("metric should name a task, or give tasks their weights")
        for task, weight in self.weights.items():
            if not 0 < weight < math.inf:
                raise ValueError(f"metric: the weight of {task!r}, {weight}, should be positive")

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each task's score."""
        return {self.metric: 1.0} if isinstance(self.metric, str) else dict(self.metric)


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a model is trained.

    Args:
        epochs: at most this many.
        steps_per_epoch: steps in an epoch, whatever the size of the data: from one epoch to the next, sentences are
            walked through in whole shuffled passes. ``epochs: 10, steps_per_epoch: 100`` is a budget of 1,000 batches.
            Per-task steps are divided among the tasks as ``sampling`` says, the same number in every epoch. None is as
            many as there are batches.
        batch_size: sentences in a batch, over all processes together.
        batch_tokens: words in a batch, padding included, over all processes together: instead of ``batch_size``, each
            batch has as many sentences as fit; a longer sentence is a batch by itself. The number of batches then
            changes a little from one pass over the sentences to the next. None goes by ``batch_size``.
        first_batch_size: sentences in a batch of the first pass over the data, for joint steps; from pass to pass they
            become more, until they are ``batch_size``: many quick steps first, few and steady ones in the end. None is
            ``batch_size`` from the start.
        batch_growth: how many times as many they are from one pass to the next, above 1.
        micro_batch_size: sentences that a process computes at a time: gradients of the pieces of a batch are added up
            before the one update; None computes its share at once. ``famo`` and the methods of TorchJD need that.
        step: ``joint`` trains all tasks of a batch's sentences at once; ``per_task`` draws one task for each step (the
            papers').
        sampling: how per-task steps draw their task: ``uniform`` (the papers'), ``proportional`` to the number of
            the task's sentences, or ``temperature`` (proportional to that number to the power 1/temperature).
        temperature: for ``temperature`` sampling: 1 is proportional, towards infinity uniform.
        objective: how the losses of a step's tasks are combined; a recipe gives its name, or a mapping of ``name`` and
            options. ``famo`` and the methods of TorchJD compare losses of one batch and need joint steps.
        optimizer: ``sgd`` (the papers'), ``adamw``, or ``adadelta`` (Zeiler 2012), whose customary ``learning_rate`` is
            1.0 without a decay (Bingel & Søgaard's optimiser).
        optimizer_state: ``shared``: what the optimiser keeps of a weight (momentum, AdamW's means) serves all tasks;
            ``per_task``: each task has its own, for steps of one task. None is ``per_task`` for sparse sharing with
            such steps, else ``shared``.
        learning_rate: at the start; 0.1 in the papers, for SGD.
        learning_rate_schedule: ``inverse_time`` (by ``learning_rate_decay``), or from the warm-up on towards 0 at the
            end of the last epoch: ``linear``, or ``cosine`` (Loshchilov & Hutter 2017, without restarts).
        learning_rate_decay: the rate in epoch e (from 0) is ``learning_rate / (1 + learning_rate_decay · e)``; of the
            schedule ``inverse_time`` alone.
        warmup_steps: steps over which the rate rises linearly from 0.
        momentum: of SGD.
        weight_decay: not applied to α, β, biases and embeddings.
        max_grad_norm: gradients longer than this are shortened to it; None does not clip.
        word_dropout: share of the known words that training reads as the unknown word, below 1.
        word_dropout_alpha: α, in place of one share for all words: a word that occurs n times in training is replaced
            with the probability α / (α + n) (Kiperwasser & Goldberg 2016: 0.25). None does not.
        average_decay: evaluates and keeps exponential moving averages of the parameters; each step leaves this share of
            them, a smaller one in the beginning. None keeps the parameters of the last step.
        early_stopping: by default the mean of all tasks' scores, patience 2.
        bucket_size: batches of sentences of similar length are cut from this many shuffled batches at a time; 1
            leaves the order to chance.
        checkpoint_steps: steps between checkpoints, besides the one after each epoch; None for those alone.
        log_steps: steps between lines of training losses in ``metrics.jsonl``, besides the one after each epoch; None
            for those alone. A line holds the mean loss of each task since the line before.
        affinity: measures how a step on one task changes the losses of the others; None does not.
        mixed_precision: ``no`` or ``bf16``; None leaves it to the launcher.
        cuda_graphs: on a GPU, records what a step launches, and launches it at once for batches of the same shape;
            these are padded to few shapes. For the ``fixed`` objective and one process without ``micro_batch_size``;
            elsewhere a line says why not. Noise is drawn for padding too, which makes it another draw.
        trackers: names of experiment trackers that accelerate knows (``tensorboard``, ``wandb``, …).

    Raises:
        ValueError: a value is out of range; the message names it.
    """

    __pydantic_config__: ClassVar = _NO_OTHER_FIELDS

    epochs: int = 30
    steps_per_epoch: int | None = None
    batch_size: int = _BATCH_SIZE
    batch_tokens: int | None = None
    first_batch_size: int | None = None
    batch_growth: float = 1.5
    micro_batch_size: int | None = None
    step: StepKind = "joint"
    sampling: TaskSampling = "uniform"
    temperature: float = 2.0
    objective: ObjectiveSettings = ObjectiveSettings()  # noqa: RUF009 - it is frozen
    optimizer: OptimizerName = "sgd"
    optimizer_state: OptimizerState | None = None
    learning_rate: float = 0.1
    learning_rate_schedule: LearningRateSchedule = "inverse_time"
    learning_rate_decay: float = 0.05
    warmup_steps: int = 0
    momentum: float = 0.0
    weight_decay: float = 0.0
    max_grad_norm: float | None = 5.0
    word_dropout: float = 0.0
    word_dropout_alpha: float | None = None
    average_decay: float | None = None
    early_stopping: EarlyStopping | None = None
    bucket_size: int = 50
    checkpoint_steps: int | None = None
    log_steps: int | None = None
    affinity: AffinitySettings | None = None
    mixed_precision: Precision | None = None
    cuda_graphs: bool = False
    trackers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} {getattr(self, name)!r} is none of {', '.join(map(str, choices))}")
        at_least_one = ("epochs", "steps_per_epoch", "batch_size", "batch_tokens", "first_batch_size",
                        "micro_batch_size", "bucket_size", "checkpoint_steps", "log_steps")  # fmt: skip
        positive = ("learning_rate", "temperature", "max_grad_norm", "word_dropout_alpha")
        shares = ("word_dropout", "average_decay")
        not_negative = ("learning_rate_decay", "warmup_steps", "momentum", "weight_decay")
        for names, fits, wanted in (
            (at_least_one, lambda value: value >= 1, "at least 1"),
            (positive, lambda value: value > 0, "positive"),
            (not_negative, lambda value: value >= 0, "at least 0"),
            (shares, lambda value: 0 <= value < 1, "at least 0 and below 1"),
        ):
            for name in names:
                value = getattr(self, name)
                if value is not None and not fits(value):
                    raise ValueError(f"{name} {value} should be {wanted}")
        if self.word_dropout and self.word_dropout_alpha is not None:
            raise ValueError("word_dropout and word_dropout_alpha should not both be given: each says which words go")
        self._check_batches()
        if self.objective.needs_joint_steps and self.step != "joint":
            raise ValueError(f"objective {self.objective.name} needs step joint, not {self.step}")
        if self.objective.needs_whole_batches and self.micro_batch_size is not None:
            raise ValueError(
                f"micro_batch_size {self.micro_batch_size}: objective {self.objective.name} needs batches in one "
                "piece; fixed, uncertainty and dwa do not"
            )
        if self.optimizer_state == "per_task" and self.step != "per_task":
            raise ValueError(f"optimizer_state per_task needs step per_task, not {self.step}")

    def _check_batches(self) -> None:
        if self.batch_tokens is not None and self.batch_size != _BATCH_SIZE:
            raise ValueError(f"batch_tokens {self.batch_tokens}: stands instead of batch_size {self.batch_size}; "
                             "leave one of the two out")  # fmt: skip
        if not 1 < self.batch_growth < math.inf:
            raise ValueError(f"batch_growth {self.batch_growth} should be above 1")
        if self.first_batch_size is None:
            return
        if self.first_batch_size > self.batch_size:
            raise ValueError(f"first_batch_size {self.first_batch_size} should be at most batch_size {self.batch_size}")
        if self.batch_tokens is not None:
            raise ValueError("first_batch_size is for batches of batch_size, not of batch_tokens")
        if self.step != "joint":
            raise ValueError(f"first_batch_size needs step joint, not {self.step}")
