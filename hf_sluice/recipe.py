"""What a recipe (YAML) may say, checked before anything else happens."""

from __future__ import annotations

import difflib
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from hf_sluice.errors import RecipeError
from hf_sluice.training.settings import EarlyStopping, TrainingSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Baseline = Literal["majority", "single_task"]

_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_WHAT_IS_WRONG = {
    "missing": "is missing",
    "too_short": "should not be empty",
    **dict.fromkeys(_UNKNOWN, "is no field of a recipe"),
}
_WHAT_IS_EXPECTED = dict.fromkeys(("model_type", "dataclass_type", "dict_type"), "should be a mapping of fields")
# Fields of two forms: after the field's own name, pydantic names the form that it tried.
_TWO_FORMS = re.compile(r"(tasks\.\d+|training\.early_stopping\.metric)\..+")
_RESERVED_OPTIONS = {"name": "corpus", "tasks": "tasks", "root": "data.root", "domains": "data.train_domains"}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataRecipe(_Section):
    """Which sentences to train and test on.

    Args:
        corpus: a name that ``load_corpus`` knows.
        root: the folder that holds the corpus; by default what ``HF_SLUICE_DATA`` names.
        train_domains: domains to train on; None for all.
        validation_domains: domains to choose the model on; None for those of training.
        test_domains: domains to test on; None for all.
        options: what else the corpus takes, such as files.
    """

    corpus: str = "demo"
    root: str | None = None
    train_domains: list[str] | None = None
    validation_domains: list[str] | None = None
    test_domains: list[str] | None = None
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
        tasks: names of the corpus's tasks, or mappings with ``name``, ``weight`` (λ) and, for corpora that are mere
            file formats, all that a task has. The first is the main task.
        model: fields of ``SluiceConfig`` besides tasks and vocabulary sizes.
        tokenizer: how words become ids.
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

    @model_validator(mode="after")
    def _check_tasks(self) -> Self:
        for task in self.tasks:
            if isinstance(task, dict) and not isinstance(task.get("name"), str):
                raise ValueError(f"tasks: {task} has no name")
        names = self.task_names
        if len(set(names)) != len(names):
            raise ValueError(f"tasks: a name stands twice in {', '.join(names)}")
        return self

    @property
    def task_names(self) -> list[str]:
        """Names of the tasks, in order."""
        return [task if isinstance(task, str) else task["name"] for task in self.tasks]

    def to_yaml(self) -> str:
        """The whole recipe, defaults included."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def load_recipe(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """Reads and checks a recipe.

    Args:
        path: a YAML file.
        overrides: ``section.field=value`` each, the value as YAML; they replace what the file says.

    Raises:
        RecipeError: no such file, no YAML, an unknown or missing field, or a value of the wrong kind or range; the
            message names file and field.
    """
    values = _read(path)
    for override in overrides:
        _apply(values, override)
    values.setdefault("output", str(Path("runs") / path.stem))
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        raise RecipeError(f"{path}: {_first_complaint(error)}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(f"{path}: the recipe cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise RecipeError(f"{path}: a recipe should be a YAML file in UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise RecipeError(f"{place}: not YAML ({getattr(error, 'problem', None) or 'unreadable'})") from None
    except ValueError as error:  # a date that the calendar does not have
        raise RecipeError(f"{path}: not YAML ({error})") from None
    if not isinstance(values, dict):
        raise RecipeError(f"{path}: a recipe should be a mapping with fields such as data, tasks, model and training")
    return values


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


def _first_complaint(error: ValidationError) -> str:
    # An unknown field explains the missing one that it was meant for.
    first = min(error.errors(), key=lambda complaint: complaint["type"] not in _UNKNOWN)
    location = [str(part) for part in first["loc"]]
    field, kind, message = ".".join(location), first["type"], first["msg"].removeprefix("Value error, ")
    if not location:
        return message
    if kind in _UNKNOWN:
        return f"{field} {_WHAT_IS_WRONG[kind]}{_suggestion(location)}"
    if kind in _WHAT_IS_WRONG:
        return f"{field} {_WHAT_IS_WRONG[kind]}"
    if form := _TWO_FORMS.fullmatch(field):
        return f"{form[1]} should be the name of a task, or a mapping of {_mapped(form[1])}, not {first['input']!r}"
    expected = f" {_WHAT_IS_EXPECTED[kind]}" if kind in _WHAT_IS_EXPECTED else f": {message}"
    return f"{field}{expected}" + ("" if kind == "value_error" else f", not {first['input']!r}")


def _mapped(field: str) -> str:
    return "its fields" if field.startswith("tasks") else "tasks to weights"


def _suggestion(location: Sequence[str]) -> str:
    *sections, field = location
    known = _SECTIONS.get(".".join(sections), ())
    close = difflib.get_close_matches(field, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known are {', '.join(known)}"


_SECTIONS: Mapping[str, Sequence[str]] = {
    "": list(Recipe.model_fields),
    "data": list(DataRecipe.model_fields),
    "tokenizer": list(TokenizerRecipe.model_fields),
    "training": [field.name for field in fields(TrainingSettings)],
    "training.early_stopping": [field.name for field in fields(EarlyStopping)],
}
