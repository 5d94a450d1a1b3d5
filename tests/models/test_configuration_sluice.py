import json

import numpy as np
import pytest

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.presets import PRESETS
from tests.models.tiny_sluice import connections_of, presets_of_tasks, tiny_config

FIELDS = ("tasks", "vocab_size", "char_vocab_size", *SluiceConfig.recipe_fields())
POS = {"name": "pos", "labels": ["NOUN", "VERB", "DET"]}
NER = {"name": "ner", "labels": ["O", "B-PER", "I-PER"], "scheme": "IOB2", "metric": "span_f1", "weight": 0.5}
LENGTH = {"name": "length", "labels": [], "kind": "regression"}
FIXED = {"tasks": [POS, NER], "sharing": "fixed", "alpha_init": np.eye(6).tolist()}
LOW = {"tasks": [POS, NER], "sharing": "low_supervision"}
ALPHA = np.linspace(-1, 1, 3 * 4 * 4).reshape(3, 4, 4)
SIZES = ("vocab_size", "char_vocab_size", "word_embedding_size", "char_embedding_size", "char_hidden_size",
         "hidden_size", "num_layers", "num_subspaces", "head_hidden_size")  # fmt: skip


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("value", [0, -1, 2.0, "4", True, None])
def test_a_size_is_a_positive_whole_number(name, value):
    with pytest.raises(ValueError, match=rf"^{name} should be a whole number of at least 1, not {value!r}$"):
        SluiceConfig(**{name: value})


@pytest.mark.parametrize("name", ["orthogonality_weight", "group_lasso_weight", "noise", "dropout"])
@pytest.mark.parametrize("value", [-0.1, float("nan"), "0.1", True, None])
def test_a_weight_is_a_number_of_at_least_0(name, value):
    with pytest.raises(ValueError, match=rf"^{name} should be a number of at least 0, not {value!r}$"):
        SluiceConfig(**{name: value})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"dropout": 1.0}, "dropout should be below 1, not 1.0"),
        ({"hidden_size": 9, "num_subspaces": 2}, "hidden_size 9 cannot be cut into num_subspaces 2 equal parts"),
        ({"sharing": "soft"}, f"sharing 'soft' is none of {', '.join(PRESETS)}"),
        ({"layer_connection": "concat"}, "layer_connection 'concat' is none of mixture, skip, concatenation, last"),
        (
            {"alpha_init": "random"},
            "alpha_init 'random' is none of balanced, imbalanced, identity, nor nested lists",
        ),
        ({"beta_init": "first"}, "beta_init 'first' is none of last, balanced, nor nested lists"),
        ({"tasks": ["pos"]}, "tasks: each should be a dict with a name, not 'pos'"),
        ({"tasks": [{"labels": ["A"]}]}, "tasks: each should be a dict with a name, not {'labels': ['A']}"),
        ({"tasks": [{"name": 3}]}, "tasks: each should be a dict with a name, not {'name': 3}"),
        ({"tasks": [{"name": "pos"}]}, "tasks: 'pos' has no labels"),
        ({"tasks": [{"name": "pos", "labels": []}]}, "tasks: 'pos' has no labels"),
        (
            {"tasks": [{**POS, "kind": "ranking"}]},
            "tasks: the kind of 'pos', 'ranking', is none of classification, regression",
        ),
        ({"tasks": [{**POS, "weight": 0}]}, "tasks: the weight of 'pos' should be a positive number, not 0"),
        ({"tasks": [{**POS, "weight": "1"}]}, "tasks: the weight of 'pos' should be a positive number, not '1'"),
        ({"tasks": [POS, NER, POS]}, "tasks: a name stands twice in pos, ner, pos"),
        ({"tasks": [POS, NER], "default_task": "srl"}, "default_task 'srl' is none of pos, ner"),
        (
            {"tasks": [POS, NER], "sharing": "single_task"},
            "sharing 'single_task' is for 1 task, not for 2: pos, ner",
        ),
        (
            {"tasks": [POS, NER], "alpha_init": np.eye(3).tolist()},
            (
                "alpha_init should have the shape [3, 4, 4] = (layers, networks·subspaces, networks·subspaces), "
                "or [4, 4], not [3, 3]"
            ),
        ),
        (
            {"tasks": [POS, NER], "sharing": "hard_sharing", "alpha_init": np.eye(4).tolist()},
            (
                "alpha_init should have the shape [3, 2, 2] = (layers, networks·subspaces, networks·subspaces), "
                "or [2, 2], not [4, 4]"
            ),
        ),
        (
            {"tasks": [POS, NER], "alpha_init": [[1.0, 0.0], [1.0]]},
            (
                "alpha_init should have the shape [3, 4, 4] = (layers, networks·subspaces, networks·subspaces), "
                "or [4, 4]; its lists are of unequal length or hold something that is no number"
            ),
        ),
        (
            {"tasks": [POS, NER], "alpha_init": [["x"] * 4] * 4},
            (
                "alpha_init should have the shape [3, 4, 4] = (layers, networks·subspaces, networks·subspaces), "
                "or [4, 4]; its lists are of unequal length or hold something that is no number"
            ),
        ),
        ({"tasks": [POS, NER], "alpha_init": [[float("nan")] * 4] * 4}, "alpha_init holds a value that is not finite"),
        (
            {"tasks": [POS, NER], "beta_init": [0.5, 0.5]},
            "beta_init should have the shape [2, 3] = (tasks, layers), or [3], not [2]",
        ),
        ({"tasks": [POS, NER], "beta_init": [0, 0, float("inf")]}, "beta_init holds a value that is not finite"),
        (
            {"tasks": [POS, NER], "sharing": "cross_stitch", "alpha_init": np.eye(3).tolist()},
            "alpha_init should have the shape [3, 2, 2] = (layers, networks, networks), or [2, 2], not [3, 3]",
        ),
        *(
            ({"tasks": [POS], "sharing": sharing}, f"sharing {sharing!r} is for at least 2 tasks, not for 1: pos")
            for sharing in (
                "low_supervision",
                "cross_stitch",
                "group_lasso",
                "block_communication",
                "domain_adaptation",
            )
        ),
        (
            {"sharing": "group_lasso", "num_subspaces": 1},
            "num_subspaces should be at least 2 for sharing 'group_lasso', not 1",
        ),
        *(
            (
                {"sharing": "domain_adaptation", "num_subspaces": subspaces},
                f"num_subspaces should be 2 for sharing 'domain_adaptation', not {subspaces}",
            )
            for subspaces in (1, 4)
        ),
        *(
            (
                {"tasks": [POS, {**POS, "name": "b"}, other], "sharing": "domain_adaptation"},
                (
                    "tasks: sharing 'domain_adaptation' is for domains with one label set, in one order; "
                    f"'pos' and {other['name']!r} differ"
                ),
            )
            for other in (NER, {"name": "c", "labels": POS["labels"][::-1]})
        ),
        (
            {**LOW, "task_layers": {"srl": 1}},
            "task_layers: 'srl' is none of the tasks pos, ner",
        ),
        *(
            (
                {**LOW, "task_layers": {"ner": layer}},
                f"task_layers: 'ner' should read a layer from 1 to 3 (num_layers), not {layer!r}",
            )
            for layer in (0, 4, -1, 2.0, "1", True, None)
        ),
        ({**LOW, "task_layers": [3, 1]}, "task_layers should be a mapping of tasks to layers, not [3, 1]"),
        (
            {**LOW, "layer_connection": "skip"},
            (
                "layer_connection 'skip' contradicts sharing 'low_supervision', which reads one layer per task; "
                "leave it out"
            ),
        ),
        (
            {"tasks": [POS, NER], "task_layers": {"pos": 1}},
            "task_layers is not read by sharing 'sluice'; it is for low_supervision",
        ),
        (
            {"tasks": [POS, NER], "task_networks": {"pos": 1}},
            "task_networks is not read by sharing 'sluice'; it is for fixed",
        ),
        *(
            (
                {**FIXED, "task_networks": {"ner": network}},
                f"task_networks: 'ner' should read a network from 1 to 3 (alpha_init), not {network!r}",
            )
            for network in (0, 4, "1", True, None)
        ),
        ({**FIXED, "task_networks": {"srl": 1}}, "task_networks: 'srl' is none of the tasks pos, ner"),
        ({**FIXED, "task_networks": [1, 2]}, "task_networks should be a mapping of tasks to networks, not [1, 2]"),
        (
            {**FIXED, "alpha_init": np.eye(2).tolist()},
            "task_networks: 'ner' should read a network from 1 to 1 (alpha_init), not 2",
        ),
        (
            {**FIXED, "alpha_init": np.eye(5).tolist()},
            (
                "alpha_init should have the shape [3, 4, 4] = (layers, networks·subspaces, networks·subspaces), "
                "or [4, 4], not [5, 5]"
            ),
        ),
        (
            {**FIXED, "alpha_init": [[1.0], [1.0, 2.0]]},
            (
                "alpha_init should have the shape [3, 4, 4] = (layers, networks·subspaces, networks·subspaces), "
                "or [4, 4]; its lists are of unequal length or hold something that is no number"
            ),
        ),
        (
            {**FIXED, "beta_init": [[0, 0, 1], [0, 0, 0]]},
            "beta_init: 'ner' should read a layer, but has 0 for all of them",
        ),
        ({**FIXED, "alpha_init": np.zeros((6, 6)).tolist()}, "alpha_init: no task draws on any network of layer 1"),
    ],
)
def test_a_wrong_value_is_named(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        SluiceConfig(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(1, 2, 5))
@pytest.mark.parametrize("alpha_init", ["balanced", "imbalanced", "identity"])
@pytest.mark.parametrize("subspaces", [1, 2, 4])
def test_every_named_choice_is_accepted(sharing, tasks, alpha_init, subspaces):
    preset = PRESETS[sharing]
    if preset.min_subspaces <= subspaces <= (preset.max_subspaces or subspaces):
        for connection in connections_of(sharing):
            values = {"alpha_init": alpha_init, "num_subspaces": subspaces, "layer_connection": connection}
            tiny_config(tasks, sharing=sharing, **values)


def test_a_configuration_without_tasks_is_no_mistake_yet():
    for sharing in PRESETS:
        SluiceConfig(sharing=sharing)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, {"pos": 3, "ner": 1, "length": 1}),
        ({"ner": 2}, {"pos": 3, "ner": 2, "length": 1}),
        ({"length": 3, "pos": 1, "ner": 1}, {"pos": 1, "ner": 1, "length": 3}),
    ],
)
def test_the_layer_of_each_task_is_said_or_the_last_for_the_main_task_and_the_first_for_the_others(
    given, read, tmp_path
):
    config = SluiceConfig(tasks=[POS, NER, LENGTH], sharing="low_supervision", task_layers=given)
    assert config.task_layers == read
    config.save_pretrained(tmp_path)
    assert SluiceConfig.from_pretrained(tmp_path).task_layers == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, {"pos": 1, "ner": 2}),
        ({"ner": 1}, {"pos": 1, "ner": 1}),
        ({"ner": 1, "pos": 3}, {"pos": 3, "ner": 1}),
    ],
)
def test_the_network_of_each_task_is_said_or_its_own(given, read, tmp_path):
    config = SluiceConfig(**FIXED, task_networks=given)
    assert list(config.task_networks.items()) == list(read.items())
    assert config.num_networks == 3
    config.save_pretrained(tmp_path)
    loaded = SluiceConfig.from_pretrained(tmp_path)
    assert (loaded.task_networks, loaded.alpha_init) == (read, config.alpha_init)
    assert loaded.networks_read() == tuple(network - 1 for network in read.values())


def test_what_the_caller_says_of_layers_is_left_as_it_is():
    given = {"ner": 2}
    SluiceConfig(tasks=[POS, NER], sharing="low_supervision", task_layers=given)
    assert given == {"ner": 2}


@pytest.mark.parametrize(
    ("sharing", "weight"),
    [("sluice", 0.3), ("group_lasso", 0.7), ("block_communication", 0.7), ("hard_sharing", 0), ("cross_stitch", 0)],
)
def test_the_weight_of_the_penalty_is_that_of_the_preset(sharing, weight):
    config = tiny_config(2, sharing=sharing, orthogonality_weight=0.3, group_lasso_weight=0.7)
    assert config.penalty_weight == weight


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"tasks": [POS, NER], "alpha_init": ALPHA.tolist(), "beta_init": [[0.1, 0.2, 0.7], [1, 0, 0]]},
        {"tasks": [POS, LENGTH], "alpha_init": ALPHA[0].tolist(), "default_task": "length", "dropout": 0},
        {"tasks": [POS, NER], "alpha_init": ALPHA, "beta_init": (0.1, 0.2, 0.7)},
        {"tasks": [POS, NER], "alpha_init": list(ALPHA)},
        {"tasks": [POS, NER, LENGTH], "sharing": "hard_sharing", "layer_connection": "skip", "noise": 1},
        {"tasks": [POS], "sharing": "single_task", "num_subspaces": 4, "hidden_size": 8, "num_layers": 1},
    ],
)
def test_a_saved_configuration_reads_back_equal(values, tmp_path):
    config = SluiceConfig(**values)
    config.save_pretrained(tmp_path)
    loaded = SluiceConfig.from_pretrained(tmp_path)
    assert loaded.to_dict() == config.to_dict()
    assert {name: getattr(loaded, name) for name in FIELDS} == {name: getattr(config, name) for name in FIELDS}


def test_the_saved_file_holds_every_field_that_differs(tmp_path):
    config = tiny_config(2, alpha_init=ALPHA.tolist())
    config.save_pretrained(tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert saved["model_type"] == "sluice"
    assert saved["tasks"] == config.tasks
    assert saved["alpha_init"] == ALPHA.tolist()


@pytest.mark.parametrize(
    ("default", "labels"),
    [(None, POS["labels"]), ("pos", POS["labels"]), ("ner", NER["labels"]), ("length", ["length"])],
)
def test_id2label_mirrors_the_default_task(default, labels, tmp_path):
    config = SluiceConfig(tasks=[POS, NER, LENGTH], default_task=default)
    config.save_pretrained(tmp_path)
    for each in (config, SluiceConfig.from_pretrained(tmp_path)):
        assert each.id2label == dict(enumerate(labels))
        assert each.label2id == {label: i for i, label in enumerate(labels)}
        assert each.num_labels == len(labels)


def test_tasks_are_found_by_name():
    config = SluiceConfig(tasks=[POS, NER])
    assert config.task_names == ["pos", "ner"]
    assert [config.task_index(name) for name in config.task_names] == [0, 1]
    with pytest.raises(ValueError, match=r"^task 'srl' is none of this model's tasks: pos, ner$"):
        config.task_index("srl")


def test_tasks_are_not_shared_between_configurations():
    first = SluiceConfig()
    first.tasks.append(POS)
    assert SluiceConfig().tasks == []
