import copy
import json

import pytest

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification, SluiceModel
from tests.models.tiny_sluice import tiny_config, tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved")
    tiny_model(2).save_pretrained(path)
    return path


def with_labels(labels):
    tasks = copy.deepcopy(tiny_config(2).tasks)
    tasks[1]["labels"] = labels
    return {"tasks": tasks}


WRONG = {
    "fewer tasks": (1, {}, "saved with 2 tasks (task0, task1), asked for with 1 (task0)"),
    "more tasks": (3, {}, "saved with 2 tasks (task0, task1), asked for with 3 (task0, task1, task2)"),
    "tasks in another order": (
        2,
        {"tasks": tiny_config(2).tasks[::-1]},
        "saved with 2 tasks (task0, task1), asked for with 2 (task1, task0)",
    ),
    "fewer labels": (
        2,
        with_labels(["L0", "L1"]),
        "task 'task1' was saved with 4 labels and is asked for with 2, or in another order",
    ),
    "labels in another order": (
        2,
        with_labels(["L1", "L0", "L2", "L3"]),
        "task 'task1' was saved with 4 labels and is asked for with 4, or in another order",
    ),
    "decoder": (
        2,
        {"decoder": "mlp_crf"},
        "task 'task0' was saved with the decoder 'mlp', asked for with 'mlp_crf'",
    ),
    "decoder of a task": (
        2,
        {"tasks": [tiny_config(2).tasks[0], {**tiny_config(2).tasks[1], "decoder": "linear"}]},
        "task 'task1' was saved with the decoder 'mlp', asked for with 'linear'",
    ),
    "subspaces": (2, {"num_subspaces": 4}, "saved with num_subspaces 2, asked for with 4"),
    "layers": (2, {"num_layers": 2}, "saved with num_layers 3, asked for with 2"),
    "units": (2, {"hidden_size": 16}, "saved with hidden_size 8, asked for with 16"),
    "sharing": (2, {"sharing": "hard_sharing"}, "saved with sharing 'sluice', asked for with 'hard_sharing'"),
    "connection": (2, {"layer_connection": "skip"}, "saved with layer_connection 'mixture', asked for with 'skip'"),
}


@pytest.mark.parametrize("model_class", [SluiceForTokenClassification, SluiceModel])
@pytest.mark.parametrize(("tasks", "values", "message"), WRONG.values(), ids=WRONG)
def test_a_configuration_that_does_not_fit_is_named(folder, tmp_path, model_class, tasks, values, message):
    config = tiny_config(tasks, **values)
    config.save_pretrained(tmp_path)
    for asked in (config, str(tmp_path), tmp_path):
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            model_class.from_pretrained(folder, config=asked)
        assert str(caught.value) == f"{folder}: {message}"


@pytest.mark.parametrize(
    ("tasks", "values", "message"),
    [WRONG[name] for name in WRONG if WRONG[name][1]],
    ids=[n for n in WRONG if WRONG[n][1]],
)
def test_a_field_given_at_loading_that_does_not_fit_is_named(folder, tasks, values, message):  # noqa: ARG001
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        SluiceForTokenClassification.from_pretrained(folder, **values)
    assert str(caught.value) == f"{folder}: {message}"


def test_a_model_of_another_type_is_named(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        SluiceForTokenClassification.from_pretrained(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: holds a model of type 'bert', SluiceForTokenClassification loads 'sluice'"
    )


def test_a_folder_without_a_model_type_is_named(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="holds a model of type None, SluiceModel loads 'sluice'"):
        SluiceModel.from_pretrained(tmp_path)


@pytest.mark.parametrize("name", ["vocab_size", "word_embedding_size", "char_hidden_size", "head_hidden_size"])
def test_other_sizes_that_do_not_fit_are_refused(folder, name):
    with pytest.raises(RuntimeError, match=r"size mismatch|mismatched"):
        SluiceForTokenClassification.from_pretrained(folder, **{name: 23})


@pytest.mark.parametrize(
    "values", [{}, {"noise": 0.7, "dropout": 0.1}, {"alpha_init": "balanced"}, {"orthogonality_weight": 0.0}]
)
def test_what_leaves_the_weights_as_they_are_may_differ(folder, values):
    by_config = SluiceForTokenClassification.from_pretrained(folder, config=tiny_config(2, **values))
    by_field = SluiceForTokenClassification.from_pretrained(str(folder), **values)
    for model in (by_config, by_field):
        assert {name: getattr(model.config, name) for name in values} == values
        assert isinstance(model.config, SluiceConfig)


def test_a_weight_of_a_task_may_differ(folder):
    tasks = copy.deepcopy(tiny_config(2).tasks)
    tasks[0]["weight"] = 3.0
    assert SluiceForTokenClassification.from_pretrained(folder, tasks=tasks).config.tasks == tasks


def test_tasks_that_read_other_layers_are_named(tmp_path):
    tiny_model(2, sharing="low_supervision").save_pretrained(tmp_path)
    same = tiny_config(2, sharing="low_supervision", task_layers={"task1": 1})
    assert SluiceForTokenClassification.from_pretrained(tmp_path, config=same).beta.tolist() == [[0, 0, 1], [1, 0, 0]]
    other = tiny_config(2, sharing="low_supervision", task_layers={"task1": 2})
    with pytest.raises(ValueError, match=r"saved with task_layers {'task0': 3, 'task1': 1}, asked for with"):
        SluiceForTokenClassification.from_pretrained(tmp_path, config=other)
