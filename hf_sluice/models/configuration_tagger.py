"""What the configurations of all taggers here have in common: tasks, shared input, sizes, heads."""

from __future__ import annotations

import math
import re
from dataclasses import field
from typing import Any, ClassVar

from transformers import PretrainedConfig

from .decoders import DECODERS, allowed_of, decoder_of
from .hashed_embedding import MOST_HASHES
from .word_features import check_word_features

KINDS = ("classification", "regression")
CHARACTER_ENCODERS = ("bilstm", "cnn", "none")
RECURRENT_BACKENDS = ("auto", "fused", "stacked", "triton")

_TASK_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")  # names parameters, columns, files: a config may be anyone's

_SIZES = ("vocab_size", "char_vocab_size", "word_embedding_size", "char_embedding_size", "char_hidden_size",
          "char_filters", "char_filter_width", "feature_embedding_size", "feature_rows", "feature_hashes",
          "hidden_size", "num_layers", "head_hidden_size")  # fmt: skip

_NAMES_CODE_THAT_CAME_ALONG = ("auto_map", "custom_pipelines")
_NOT_IN_RECIPES = (
    "tasks",
    "vocab_size",
    "char_vocab_size",
    "single_task_output",
    "architecture_fields",
    "needs_code_that_came_along",
)


class TaggerConfig(PretrainedConfig):
    """Fields of every tagger here; the defaults are those of sluice networks.

    Args:
        tasks: one dict per task: ``name``, ``labels`` (list of strings, empty for regression), ``kind``
            (``classification`` or ``regression``), ``weight`` (λ, positive), ``decoder`` (of this task, in place of
            the field), and whatever else describes it (tagging ``scheme``, ``metric``).
        vocab_size: word types, with the padding (0), unknown (1) and number (2) symbols.
        char_vocab_size: characters, with padding (0) and unknown (1).
        word_embedding_size: width of the word embedding.
        char_encoder: what reads a word's characters: ``bilstm`` (its final states), ``cnn`` (a convolution, the
            largest value over time) or ``none``.
        char_embedding_size: width of the character embedding.
        char_hidden_size: units per direction of the character BiLSTM.
        char_filters: filters of the character convolution.
        char_filter_width: characters that a filter sees, odd.
        word_features: what else is read of a word's spelling, keys of ``word_features.FEATURES``, such as ``norm``,
            ``prefix1``, ``suffix3`` and ``shape``; the tokenizer has to give the same ones. By default nothing.
        feature_embedding_size: width of the embedding of each feature.
        feature_rows: rows of each feature's table, however many values it has.
        feature_hashes: rows that make up the embedding of a value, at most 4.
        hidden_size: H, units per direction of each layer.
        num_layers: K.
        decoder: how a task's labels are found: ``linear`` (one layer) or ``mlp`` (a tanh layer before it), with a
            softmax per token, or with a linear-chain CRF on top: ``linear_crf``, ``mlp_crf``. Tasks of numbers take the
            part before ``_crf``.
        constrained_decoding: whether tasks with a tagging scheme are never given an invalid sequence of labels. A CRF
            then gives all of its probability to valid sequences in training, too.
        head_hidden_size: units of the tanh layer of a task's MLP.
        noise: standard deviation of the Gaussian noise on the input and before the heads in training, at least 0.
        dropout: share of units dropped at the same two places in training, in [0, 1).
        default_task: the task that ``id2label`` mirrors for tools that know one task only; by default the first.
        single_task_output: whether a call that names no tasks answers as the library's own models for token
            classification do, for the default task alone; see :meth:`TaggerForTokenClassification.for_task`.
        recurrent_backend: what computes LSTM layers: ``fused`` (the framework's kernels, one call per network and
            direction), ``stacked`` (the equations, step by step), ``triton`` (all networks and directions in one
            launch, on a GPU), or ``auto``, the quickest that can be had. It changes results by rounding at most, and
            is not saved: another machine may need another.

    Raises:
        ValueError: a field is out of range or fields contradict each other; the message names the field.
    """

    architecture_fields: ClassVar[tuple[str, ...]] = ()
    """Fields that a saved model and a configuration given at loading have to agree on."""
    needs_code_that_came_along: ClassVar[bool] = True
    """Whether classes and pipeline come with the model; not so where a package has registered its own."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    vocab_size: int = 3
    char_vocab_size: int = 2
    word_embedding_size: int = 64
    char_encoder: str = "bilstm"
    char_embedding_size: int = 100
    char_hidden_size: int = 100
    char_filters: int = 30
    char_filter_width: int = 3
    word_features: list[str] = field(default_factory=list)
    feature_embedding_size: int = 32
    feature_rows: int = 2000
    feature_hashes: int = 4
    hidden_size: int = 100
    num_layers: int = 3
    decoder: str = "mlp"
    constrained_decoding: bool = False
    head_hidden_size: int = 100
    noise: float = 0.2
    dropout: float = 0.0
    default_task: str | None = None
    single_task_output: bool = False
    recurrent_backend: str = "auto"

    def __post_init__(self, **kwargs: Any) -> None:
        if not self.needs_code_that_came_along:  # else transformers would ask for it, and run it if it may
            kwargs = {name: value for name, value in kwargs.items() if name not in _NAMES_CODE_THAT_CAME_ALONG}
        self._check_sizes()
        self._check_choices()
        self._check_tasks()
        self._check_sharing()
        if self.tasks:
            kwargs.update(self._default_labels())
        super().__post_init__(**kwargs)

    @classmethod
    def recipe_fields(cls) -> list[str]:
        """The fields that a recipe's author may set: all but those that follow from its data."""
        fields = [name for ancestor in reversed(cls.__mro__) if issubclass(ancestor, TaggerConfig)
                  for name in ancestor.__annotations__]  # fmt: skip
        return [name for name in dict.fromkeys(fields) if name not in _NOT_IN_RECIPES]

    def to_dict(self) -> dict[str, Any]:
        """What is saved: all that says what the model computes, and not with what."""
        values = super().to_dict()
        values.pop("recurrent_backend", None)
        return values

    @property
    def task_names(self) -> list[str]:
        """Names of the tasks, in order."""
        return [task["name"] for task in self.tasks]

    def task_index(self, name: str) -> int:
        """Position of a task; raises ValueError naming the tasks there are."""
        if name not in self.task_names:
            raise ValueError(f"task {name!r} is none of this model's tasks: {', '.join(self.task_names)}")
        return self.task_names.index(name)

    def is_regression(self, name: str) -> bool:
        """Whether a task predicts numbers; raises ValueError naming the tasks there are."""
        return self.tasks[self.task_index(name)].get("kind") == "regression"

    @property
    def state_size(self) -> int:
        """Width of what a head reads."""
        return 2 * self.hidden_size

    @property
    def features_size(self) -> int:
        """Width of the embeddings of all word features together."""
        return len(self.word_features) * self.feature_embedding_size

    @property
    def penalty_weight(self) -> float:
        """Weight of the penalty Ω in the loss; 0 where there is none."""
        return 0.0

    def _check_sharing(self) -> None:
        """What is particular to a kind of tagger; raises ValueError."""

    def _check_sizes(self) -> None:
        for name in _SIZES:
            check_size(name, getattr(self, name))
        if self.char_filter_width % 2 == 0:
            raise ValueError(f"char_filter_width should be odd, not {self.char_filter_width}")
        if self.feature_hashes > MOST_HASHES:
            raise ValueError(f"feature_hashes should be at most {MOST_HASHES}, not {self.feature_hashes}")

    def _check_choices(self) -> None:
        check_word_features(self.word_features)
        for name in ("noise", "dropout"):
            check_not_negative(name, getattr(self, name))
        if self.dropout >= 1:
            raise ValueError(f"dropout should be below 1, not {self.dropout!r}")
        for name, choices in (
            ("char_encoder", CHARACTER_ENCODERS),
            ("decoder", DECODERS),
            ("recurrent_backend", RECURRENT_BACKENDS),
        ):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} {getattr(self, name)!r} is none of {', '.join(choices)}")
        for name in ("constrained_decoding", "single_task_output"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} should be true or false, not {getattr(self, name)!r}")

    def _check_tasks(self) -> None:
        for task in self.tasks:
            _check_task(task)
            decoder_of(task, self.decoder)
            if self.constrained_decoding:
                allowed_of(task)
        names = self.task_names
        if len(set(names)) != len(names):
            raise ValueError(f"tasks: a name stands twice in {', '.join(names)}")
        if self.default_task is not None and self.default_task not in names:
            raise ValueError(f"default_task {self.default_task!r} is none of {', '.join(names)}")

    def _default_labels(self) -> dict[str, Any]:
        default = self.default_task or self.task_names[0]
        labels = self.tasks[self.task_index(default)].get("labels") or [default]
        return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


def check_size(name: str, value: Any) -> None:
    """Raises ValueError unless a field is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} should be a whole number of at least 1, not {value!r}")


def check_not_negative(name: str, value: Any) -> None:
    """Raises ValueError unless a field is a number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ValueError(f"{name} should be a number of at least 0, not {value!r}")


def _check_task(task: Any) -> None:
    if not isinstance(task, dict) or not isinstance(task.get("name"), str):
        raise ValueError(f"tasks: each should be a dict with a name, not {task!r}")
    name, kind, weight = task["name"], task.get("kind", KINDS[0]), task.get("weight", 1.0)
    if not _TASK_NAME.fullmatch(name):
        raise ValueError(f"tasks: {name!r} is no name; it should be letters, digits, '_' and '-', no digit first")
    if kind not in KINDS:
        raise ValueError(f"tasks: the kind of {name!r}, {kind!r}, is none of {', '.join(KINDS)}")
    _check_labels(name, task.get("labels", ()))
    if kind == "classification" and not task.get("labels"):
        raise ValueError(f"tasks: {name!r} has no labels")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < math.inf:
        raise ValueError(f"tasks: the weight of {name!r} should be a positive number, not {weight!r}")


def _check_labels(task: str, labels: Any) -> None:
    if not isinstance(labels, list | tuple) or not all(isinstance(label, str) for label in labels):
        raise ValueError(f"tasks: the labels of {task!r} should be a list of texts, not {labels!r:.80}")
    for label in labels:
        if any("\ud800" <= character <= "\udfff" for character in label):
            raise ValueError(f"tasks: label {label!a} of {task!r} has half of a character")
    if len(set(labels)) != len(labels):
        raise ValueError(f"tasks: a label of {task!r} stands twice")
