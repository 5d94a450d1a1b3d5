"""Configuration of sluice networks."""

from __future__ import annotations

import math
from dataclasses import field
from typing import Any

import numpy as np
from transformers import PretrainedConfig

from .initial_values import ALPHA_INITS, BETA_INITS, initial_beta
from .presets import PRESETS
from .sharing_checks import check_sharing, layers_of_tasks
from .sharing_table import starting_alpha

LAYER_CONNECTIONS = ("mixture", "skip", "concatenation", "last")
KINDS = ("classification", "regression")


class SluiceConfig(PretrainedConfig):
    """What a sluice network is made of (Ruder et al. 2019, "Model"); the defaults are the papers' values.

    Args:
        tasks: one dict per task: ``name``, ``labels`` (list of strings, empty for regression), ``kind``
            (``classification`` or ``regression``), ``weight`` (λ, positive), and whatever else describes it (tagging
            ``scheme``, ``metric``). The order of the tasks is the order of α's and β's rows.
        vocab_size: word types, with the padding (0), unknown (1) and number (2) symbols.
        char_vocab_size: characters, with padding (0) and unknown (1).
        word_embedding_size: width of the word embedding.
        char_embedding_size: width of the character embedding.
        char_hidden_size: units per direction of the character BiLSTM.
        hidden_size: H, units per direction of each layer; a multiple of ``num_subspaces``.
        num_layers: K.
        num_subspaces: S, at least 1.
        sharing: preset, a key of ``presets.PRESETS``: ``sluice``, ``hard_sharing``, ``single_task``,
            ``constant_alpha``, ``low_supervision``, ``cross_stitch``, ``group_lasso``, ``block_communication`` or
            ``domain_adaptation``.
        alpha_init: ``balanced``, ``imbalanced``, ``identity``, or nested lists (K, N·S, N·S) or (N·S, N·S), where N
            is the number of networks (one per task unless the preset has one for all); (K, N, N) or (N, N) for presets
            that do not tell subspaces apart. It says where learned entries start, tied ones at the mean.
        beta_init: ``last``, ``balanced``, or nested lists (M, K) or (K,).
        layer_connection: ``mixture`` (β learned where the preset learns it), ``skip`` (β = 1), ``concatenation`` (the
            heads read the outputs of all layers side by side) or ``last``.
        task_layers: for ``low_supervision`` the layer that each task's head reads, from 1 to K; by default the last
            for the first task and 1 for the others.
        orthogonality_weight: w, weight of the penalty Ω between subspaces, at least 0.
        group_lasso_weight: weight of the group lasso of ``group_lasso`` and ``block_communication``, at least 0.
        head_hidden_size: units of each task's MLP.
        noise: standard deviation of the Gaussian noise on the input and before the heads in training, at least 0.
        dropout: share of units dropped at the same two places in training, in [0, 1).
        default_task: the task that ``id2label`` mirrors for tools that know one task only; by default the first.

    Raises:
        ValueError: a field is out of range or fields contradict each other; the message names the field.
    """

    model_type = "sluice"

    tasks: list[dict[str, Any]] = field(default_factory=list)
    vocab_size: int = 3
    char_vocab_size: int = 2
    word_embedding_size: int = 64
    char_embedding_size: int = 100
    char_hidden_size: int = 100
    hidden_size: int = 100
    num_layers: int = 3
    num_subspaces: int = 2
    sharing: str = "sluice"
    alpha_init: str | list[Any] = "imbalanced"
    beta_init: str | list[Any] = "last"
    layer_connection: str = "mixture"
    task_layers: dict[str, int] | None = None
    orthogonality_weight: float = 0.1
    group_lasso_weight: float = 0.001
    head_hidden_size: int = 100
    noise: float = 0.2
    dropout: float = 0.0
    default_task: str | None = None

    def __post_init__(self, **kwargs: Any) -> None:
        self._check_sizes()
        self._check_choices()
        self._check_tasks()
        check_sharing(self)
        self.task_layers = layers_of_tasks(self)
        self._check_initial_values()
        if self.tasks:
            kwargs.update(self._default_labels())
        super().__post_init__(**kwargs)

    @property
    def task_names(self) -> list[str]:
        """Names of the tasks, in order."""
        return [task["name"] for task in self.tasks]

    def task_index(self, name: str) -> int:
        """Position of a task; raises ValueError naming the tasks there are."""
        if name not in self.task_names:
            raise ValueError(f"task {name!r} is none of this model's tasks: {', '.join(self.task_names)}")
        return self.task_names.index(name)

    @property
    def num_networks(self) -> int:
        """N: one network per task, or one for all."""
        return 1 if PRESETS[self.sharing].one_network else max(1, len(self.tasks))

    @property
    def state_size(self) -> int:
        """Width of what a head reads."""
        return 2 * self.hidden_size * (self.num_layers if self.layer_connection == "concatenation" else 1)

    @property
    def penalty_weight(self) -> float:
        """Weight of the preset's penalty Ω in the loss; 0 where it has none."""
        penalty = PRESETS[self.sharing].penalty
        return 0.0 if penalty is None else getattr(self, f"{penalty}_weight")

    def _check_sizes(self) -> None:
        sizes = ("vocab_size", "char_vocab_size", "word_embedding_size", "char_embedding_size", "char_hidden_size",
                 "hidden_size", "num_layers", "num_subspaces", "head_hidden_size")  # fmt: skip
        for name in sizes:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} should be a whole number of at least 1, not {value!r}")
        if self.hidden_size % self.num_subspaces:
            raise ValueError(
                f"hidden_size {self.hidden_size} cannot be cut into num_subspaces {self.num_subspaces} equal parts"
            )

    def _check_choices(self) -> None:
        for name in ("orthogonality_weight", "group_lasso_weight", "noise", "dropout"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise ValueError(f"{name} should be a number of at least 0, not {value!r}")
        if self.dropout >= 1:
            raise ValueError(f"dropout should be below 1, not {self.dropout!r}")
        if self.sharing not in PRESETS:
            raise ValueError(f"sharing {self.sharing!r} is none of {', '.join(PRESETS)}")
        if self.layer_connection not in LAYER_CONNECTIONS:
            raise ValueError(f"layer_connection {self.layer_connection!r} is none of {', '.join(LAYER_CONNECTIONS)}")

    def _check_tasks(self) -> None:
        for task in self.tasks:
            _check_task(task)
        names = self.task_names
        if len(set(names)) != len(names):
            raise ValueError(f"tasks: a name stands twice in {', '.join(names)}")
        if self.default_task is not None and self.default_task not in names:
            raise ValueError(f"default_task {self.default_task!r} is none of {', '.join(names)}")

    def _check_initial_values(self) -> None:
        if isinstance(self.alpha_init, str) and self.alpha_init not in ALPHA_INITS:
            raise ValueError(f"alpha_init {self.alpha_init!r} is none of {', '.join(ALPHA_INITS)}, nor nested lists")
        if isinstance(self.beta_init, str) and self.beta_init not in BETA_INITS:
            raise ValueError(f"beta_init {self.beta_init!r} is none of {', '.join(BETA_INITS)}, nor nested lists")
        if self.tasks:
            starting_alpha(self)
            initial_beta(self.beta_init, len(self.tasks), self.num_layers)
            self.alpha_init, self.beta_init = _plain(self.alpha_init), _plain(self.beta_init)

    def _default_labels(self) -> dict[str, Any]:
        default = self.default_task or self.task_names[0]
        labels = self.tasks[self.task_index(default)].get("labels") or [default]
        return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


def _check_task(task: Any) -> None:
    if not isinstance(task, dict) or not isinstance(task.get("name"), str):
        raise ValueError(f"tasks: each should be a dict with a name, not {task!r}")
    name, kind, weight = task["name"], task.get("kind", KINDS[0]), task.get("weight", 1.0)
    if kind not in KINDS:
        raise ValueError(f"tasks: the kind of {name!r}, {kind!r}, is none of {', '.join(KINDS)}")
    if kind == "classification" and len(task.get("labels", ())) < 1:
        raise ValueError(f"tasks: {name!r} has no labels")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < math.inf:
        raise ValueError(f"tasks: the weight of {name!r} should be a positive number, not {weight!r}")


def _plain(values: str | list[Any]) -> str | list[Any]:
    """Arrays and tuples as lists, the form in which JSON gives them back."""
    return values if isinstance(values, str) else np.asarray(values).tolist()
