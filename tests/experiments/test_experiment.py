from __future__ import annotations

import pytest

from hf_sluice.errors import RecipeError
from hf_sluice.experiments.experiment import load_experiment
from tests.experiments.tiny_experiment import AXES, load, write


def test_an_experiment_is_named_as_its_file(tmp_path):
    assert load(tmp_path, stem="table3").name == "table3"


def test_names_that_are_numbers_are_names(tmp_path):
    loaded = load(tmp_path, axes={"n": {25: {}, 50: None}}, skip=[{"n": 50}])

    assert loaded.axes == {"n": {"25": {}, "50": {}}}
    assert loaded.skip == [{"n": "50"}]


TWICE = {"system": {"a": {"output": "runs/a"}}}

MISTAKES = [
    ({"titel": "x"}, "titel is no field of an experiment; did you mean title?"),
    ({"title": ""}, "title: String should have at least 1 character, not ''"),
    ({"name": "a/b"}, "name: String should match pattern"),
    ({"axes": []}, "axes should be a mapping of fields, not []"),
    ({"axes": {"system": {}}}, "axes.system should not be empty"),
    ({"axes": {"system": {"a": "sluice"}}}, "axes.system.a should be a mapping of fields, not 'sluice'"),
    ({"axes": {"system": {"a": {"seed": 3}}}}, "seed is no field of an experiment's recipe; say it in seeds"),
    ({"recipe": {"output": "runs/a"}}, "output is no field of an experiment's recipe; the runs of experiments"),
    ({"recipe": {"baselines": []}}, "baselines is no field of an experiment's recipe; a baseline is"),
    ({"seeds": [1, -1]}, "seeds.1: Input should be greater than or equal to 0, not -1"),
    ({"seeds": [1, 2, 1]}, "seeds: one stands twice in 1, 2, 1"),
    ({"skip": [{"sytem": "sluice"}]}, "skip: there is no axis 'sytem'; did you mean system?"),
    ({"skip": [{"system": "sluce"}]}, "skip: system has no value 'sluce'; did you mean sluice?"),
    ({"report": {"form": "domains", "main_task": "pos", "source_axis": "origin"}}, "report: there is no axis 'origin'"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "complaint"), MISTAKES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_mistake_is_told_with_file_and_field(tmp_path, changes, complaint):
    path = write(tmp_path, "bad", **changes)
    with pytest.raises(RecipeError) as caught:
        load_experiment(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("field", ["title", "recipe", "axes", "seeds"])
def test_what_is_needed_is_asked_for(tmp_path, field):
    path = write(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace(f"{field}:", f"{field}_:"), encoding="utf-8")
    with pytest.raises(RecipeError, match=f"{field}_ is no field of an experiment; did you mean {field}"):
        load_experiment(path)


def test_no_yaml_is_no_experiment(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("title: [", encoding="utf-8")
    with pytest.raises(RecipeError, match=r"a\.yaml:\d+: not YAML"):
        load_experiment(path)
    with pytest.raises(RecipeError, match="the experiment cannot be read"):
        load_experiment(tmp_path / "nosuch.yaml")


def test_the_axes_keep_their_order(tmp_path):
    assert list(load(tmp_path, axes=dict(reversed(AXES.items()))).axes) == ["source", "system"]
