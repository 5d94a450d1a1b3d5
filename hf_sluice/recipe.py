"""What a recipe (YAML) may say, checked before anything else happens."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, field_validator, model_validator

from hf_sluice.complaints import first_complaint
from hf_sluice.errors import RecipeError
from hf_sluice.training.affinity.settings import AffinitySettings
from hf_sluice.training.architecture_settings import ArchitectureSettings
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.pruning.settings import MaskSettings
from hf_sluice.training.settings import EarlyStopping, TrainingSettings
from hf_sluice.yaml_mapping import read_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Baseline = Literal["majority", "single_task"]
Split = Literal["train", "validation", "test"]
Labelling = Literal["copy", "position", "random"]

_RESERVED_OPTIONS = {"name": "corpus", "tasks": "tasks", "root": "data.root", "domains": "data.train_domains"}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DerivedTask(_Section):
    """A task made from another one.

    Args:
        source: a task of the corpus.
        labels: ``copy`` for the same labels, ``random`` for labels drawn from its label set, ``position`` for the
            number of the word in its sentence.
    """

    source: str
    labels: Labelling


class DataRecipe(_Section):
    """Which sentences to train and test on.

    Args:
        corpus: a name that ``load_corpus`` knows.
        root: the folder that holds the corpus; by default what ``HF_SLUICE_DATA`` names.
        train_domains: domains to train on; None for all.
        validation_domains: domains to choose the model on; None for those of training.
        test_domains: domains to test on; None for all.
        max_sentences: per split at most so many sentences of these domains, drawn at random; a larger number keeps
            what a smaller one does.
        sampling_seed: of that draw, and of random labels; not the run's seed, so that all runs see the same data.
        derived_tasks: tasks made from others, by name.
        disjoint_sentences: per task the number of training sentences that are annotated for it alone; the others are
            dropped.
        domain_tasks: a task to make one task of each training domain of, ``<task>_<domain>``, for the sharing preset
            ``domain_adaptation``.
        validate_on_train: the training sentences take the place of the development sentences, to see how well a model
            fits what it is trained on.
        options: what else the corpus takes, such as files.
    """

    corpus: str = "demo"
    root: str | None = None
    train_domains: list[str] | None = None
    validation_domains: list[str] | None = None
    test_domains: list[str] | None = None
    max_sentences: dict[Split, PositiveInt] = Field(default_factory=dict)
    sampling_seed: int = Field(default=0, ge=0)
    derived_tasks: dict[str, DerivedTask] = Field(default_factory=dict)
    disjoint_sentences: dict[str, PositiveInt] = Field(default_factory=dict)
    domain_tasks: str | None = None
    validate_on_train: bool = False
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("options")
    @classmethod
    def _check_options(cls, options: dict[str, Any]) -> dict[str, Any]:
        for name, field in _RESERVED_OPTIONS.items():
            if name in options:
                raise ValueError(f"{name} is no option; say it in {field}")
        return options

    def domains(self) -> dict[str, list[str]]:
        """Per split the domains to keep; splits of which all are kept are left out."""
        chosen = {
            "train": self.train_domains,
            "validation": self.validation_domains if self.validation_domains is not None else self.train_domains,
            "test": self.test_domains,
        }
        return {split: names for split, names in chosen.items() if names is not None}


class TokenizerRecipe(_Section):
    """How words become ids.

    Args:
        min_count: words seen less often in training are unknown, which trains the unknown word.
        max_words: at most so many words are known.
        lowercase: whether words are looked up in lower case.
        number_symbol: whether numbers are looked up as one symbol.
        word_vectors: a GloVe or word2vec text file (plain or .gz) to start the word embedding from.
    """

    min_count: int = Field(default=2, ge=1)
    max_words: int | None = Field(default=None, ge=1)
    lowercase: bool = True
    number_symbol: bool = True
    word_vectors: str | None = None


class Recipe(_Section):
    """A run, apart from its seed: data, tasks, model, training.

    Args:
        data: the sentences.
        tasks: names of the corpus's tasks, or mappings with ``name``, ``weight`` (λ), ``decoder`` (in place
            of the model's), ``scheme`` (the tagging scheme to write spans in) and, for corpora that are mere file
            formats, all that a task has, its scheme being the one of the files. The first is the main task.
        model: fields of ``SluiceConfig`` besides tasks and vocabulary sizes.
        tokenizer: how words become ids.
        architecture: what another model has learned to share, to train with anew; ``model`` then needs no sizes, and
            its ``alpha_init`` and ``beta_init`` are for new tasks.
        masks: where the masks of a model of sparse sharing come from; for ``model_type: sparse_sharing`` alone.
        training: how to train.
        baselines: what to train and test beside the model: ``single_task`` (one model per task, all else equal) and
            ``majority`` (the most frequent label of each word).
        seed: of initial values, batches and noise.
        output: the run's folder; by default ``runs/`` and the recipe's name.
    """

    data: DataRecipe = DataRecipe()
    tasks: list[str | dict[str, Any]] = Field(min_length=1)
    model: dict[str, Any] = Field(default_factory=dict)
    tokenizer: TokenizerRecipe = TokenizerRecipe()
    architecture: ArchitectureSettings | None = None
    masks: MaskSettings | None = None
    training: TrainingSettings = TrainingSettings()
    baselines: list[Baseline] = Field(default_factory=list)
    seed: int = Field(default=0, ge=0)
    output: str = Field(min_length=1)

    @field_validator("training", mode="before")
    @classmethod
    def _read_no(cls, training: Any) -> Any:
        """Takes ``mixed_precision: no`` as it is meant: YAML reads a bare ``no`` as false."""
        if isinstance(training, dict) and training.get("mixed_precision") is False:
            return {**training, "mixed_precision": "no"}
        return training

    @field_validator("training", mode="before")
    @classmethod
    def _read_name_of_objective(cls, training: Any) -> Any:
        """Takes ``objective: dwa`` for ``objective: {name: dwa}``."""
        if isinstance(training, dict) and isinstance(training.get("objective"), str):
            return {**training, "objective": {"name": training["objective"]}}
        return training

    @model_validator(mode="after")
    def _check_tasks(self) -> Self:
        for field, tasks in (("tasks", self.tasks), ("masks.search_tasks", self.data_tasks)):
            for task in tasks:
                if isinstance(task, dict) and not isinstance(task.get("name"), str):
                    raise ValueError(f"{field}: {task} has no name")
            names = task_names(tasks)
            if len(set(names)) != len(names):
                raise ValueError(f"{field}: a name stands twice in {', '.join(names)}")
        return self

    @model_validator(mode="after")
    def _check_masks(self) -> Self:
        if self.masks is not None and not self.is_sparse:
            raise ValueError("masks: only models of model_type sparse_sharing have masks; set model.model_type")
        return self

    @model_validator(mode="after")
    def _check_architecture(self) -> Self:
        if self.architecture is None:
            return self
        if self.masks is not None:
            raise ValueError("masks: an architecture brings its masks along; leave one of the two out")
        if self.is_sparse and self.architecture.learn != "frozen":
            raise ValueError("architecture.learn: masks are not learned in training; only frozen is for them")
        for name in self.architecture.tasks:
            if name not in self.task_names:
                raise ValueError(f"architecture.tasks: {name!r} is none of the tasks {', '.join(self.task_names)}")
        return self

    @property
    def is_sparse(self) -> bool:
        """Whether the model is one of sparse sharing."""
        return self.model.get("model_type") == "sparse_sharing"

    @property
    def finds_masks(self) -> bool:
        """Whether the model has masks that have to be found, or made."""
        return self.is_sparse and self.architecture is None

    @property
    def data_tasks(self) -> list[str | dict[str, Any]]:
        """The tasks whose labels are read: those of the model, or those that masks are searched for."""
        searched = None if self.masks is None else self.masks.search_tasks
        return self.tasks if searched is None else searched

    @property
    def task_names(self) -> list[str]:
        """Names of the tasks, in order."""
        return task_names(self.tasks)

    def to_yaml(self) -> str:
        """The whole recipe, defaults included."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def task_names(tasks: Iterable[str | dict[str, Any]]) -> list[str]:
    """The names of tasks as recipes have them."""
    return [task if isinstance(task, str) else task["name"] for task in tasks]


def load_recipe(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """Reads and checks a recipe.

    Args:
        path: a YAML file.
        overrides: ``section.field=value`` each, the value as YAML; they replace what the file says.

    Raises:
        RecipeError: no such file, no YAML, an unknown or missing field, or a value of the wrong kind or range; the
            message names file and field.
    """
    values = read_mapping(path, "recipe", ("data", "tasks", "model", "training"))
    for override in overrides:
        _apply(values, override)
    values.setdefault("output", str(Path("runs") / path.stem))
    return make_recipe(values, str(path))


def make_recipe(values: Mapping[str, Any], place: str) -> Recipe:
    """Checks what was read.

    Args:
        values: the fields.
        place: where they come from; messages begin with it.

    Raises:
        RecipeError: an unknown or missing field, or a value of the wrong kind or range.
    """
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        raise RecipeError(f"{place}: {first_complaint(error, _SECTIONS)}") from None


def _apply(values: dict[str, Any], override: str) -> None:
    name, equals, text = override.partition("=")
    if not equals:
        raise RecipeError(f"--set {override}: should be section.field=value")
    *sections, field = name.strip().split(".")
    for section in sections:
        values = values.setdefault(section, {})
        if not isinstance(values, dict):
            raise RecipeError(f"--set {override}: {section} has no fields")
    try:
        values[field] = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        raise RecipeError(f"--set {override}: {text!r} is not YAML") from None


_SECTIONS: Mapping[str, Sequence[str]] = {
    "": list(Recipe.model_fields),
    "data": list(DataRecipe.model_fields),
    "data.derived_tasks.*": list(DerivedTask.model_fields),
    "tokenizer": list(TokenizerRecipe.model_fields),
    "architecture": [field.name for field in fields(ArchitectureSettings)],
    "masks": [field.name for field in fields(MaskSettings)],
    "training": [field.name for field in fields(TrainingSettings)],
    "training.early_stopping": [field.name for field in fields(EarlyStopping)],
    "training.objective": [field.name for field in fields(ObjectiveSettings)],
    "training.affinity": [field.name for field in fields(AffinitySettings)],
}
