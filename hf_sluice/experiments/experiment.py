"""What an experiment file (YAML) may say: a recipe, the axes along which it varies, seeds, and a form of report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from hf_sluice.complaints import first_complaint, suggestion
from hf_sluice.errors import RecipeError
from hf_sluice.experiments.reports.settings import ReportSettings  # noqa: TC001 - pydantic reads it
from hf_sluice.yaml_mapping import read_mapping

if TYPE_CHECKING:
    from pathlib import Path

_SAID_ELSEWHERE = {
    "output": "the runs of experiments lie in a store of their own",
    "seed": "say it in seeds",
    "baselines": "a baseline is a value of an axis",
}


def _fields_or_none(value: Any) -> Any:
    return {} if value is None else value


def _named_by_text(value: Any) -> Any:
    """Takes the numbers that YAML reads in ``50: {…}`` for the names that they are."""
    return {str(name): item for name, item in value.items()} if isinstance(value, dict) else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) else value


Change: TypeAlias = Annotated[dict[str, Any], BeforeValidator(_fields_or_none)]
Axis: TypeAlias = Annotated[dict[str, Change], BeforeValidator(_named_by_text), Field(min_length=1)]
Omission: TypeAlias = Annotated[dict[str, Annotated[str, BeforeValidator(_text)]], Field(min_length=1)]


class Experiment(BaseModel):
    """A grid of runs: one for each choice of one value per axis, and each seed.

    Args:
        title: what the experiment shows.
        name: of the folder of its results; by default the file's name.
        recipe: what all runs have in common: a recipe without ``output``, ``seed`` and ``baselines``.
        axes: per axis its values by name, each the fields that it sets in the recipe. Mappings are merged, whatever
            else stands there is replaced; later axes win.
        seeds: of initial values, batches and noise; none where the report is all that there is to make.
        skip: points left out of the grid, each by some axes and their values.
        report: the form of the report and what it needs to know; None for none.
        keep_models: whether runs keep their models, which take most of their space.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    name: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    recipe: dict[str, Any]
    axes: dict[str, Axis]
    seeds: list[Annotated[int, Field(ge=0)]]
    skip: list[Omission] = []
    report: ReportSettings | None = None
    keep_models: bool = False

    @field_validator("recipe")
    @classmethod
    def _check_recipe(cls, recipe: dict[str, Any]) -> dict[str, Any]:
        _refuse_said_elsewhere(recipe)
        return recipe

    @field_validator("axes")
    @classmethod
    def _check_axes(cls, axes: dict[str, Axis]) -> dict[str, Axis]:
        for values in axes.values():
            for change in values.values():
                _refuse_said_elsewhere(change)
        return axes

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds: one stands twice in {', '.join(map(str, self.seeds))}")
        for omission in self.skip:
            for axis, value in omission.items():
                if axis not in self.axes:
                    raise ValueError(f"skip: there is no axis {axis!r}; {suggestion(axis, self.axes)}")
                if value not in self.axes[axis]:
                    raise ValueError(f"skip: {axis} has no value {value!r}; {suggestion(value, self.axes[axis])}")
        if self.report is not None:
            self.report.check(self.axes)
        return self


def load_experiment(path: Path) -> Experiment:
    """Reads and checks an experiment file; what its points come to is checked by ``grid.points``.

    Raises:
        RecipeError: no such file, no YAML, an unknown or missing field, or a value of the wrong kind; the message names
            file and field.
    """
    values = read_mapping(path, "experiment", ("title", "recipe", "axes", "seeds"))
    try:
        return Experiment.model_validate({"name": path.stem, **values})
    except ValidationError as error:
        complaint = first_complaint(error, {"": list(Experiment.model_fields)}, "an experiment")
        raise RecipeError(f"{path}: {complaint}") from None


def _refuse_said_elsewhere(fields: dict[str, Any]) -> None:
    for name, place in _SAID_ELSEWHERE.items():
        if name in fields:
            raise ValueError(f"{name} is no field of an experiment's recipe; {place}")
