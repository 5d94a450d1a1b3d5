from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from hf_sluice.errors import RecipeError
from hf_sluice.recipe import DataRecipe, Recipe, TokenizerRecipe, load_recipe
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.pruning.settings import MaskSettings
from hf_sluice.training.settings import EarlyStopping, TrainingSettings

RECIPES = sorted(
    path for folder in ("recipes", "recipes/reference") for path in (Path(__file__).parents[1] / folder).glob("*.yaml")
)


@pytest.fixture
def load(tmp_path):
    """Loads a recipe of the given text."""

    def write_and_load(text, *overrides):
        path = tmp_path / "r.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_recipe(path, overrides)

    return write_and_load


@pytest.fixture
def complaint(load, tmp_path):
    """What loading says, without the folder: file and all."""

    def refused(text, *overrides):
        with pytest.raises(RecipeError) as caught:
            load(text, *overrides)
        message = str(caught.value)
        assert "\n" not in message
        return message.replace(f"{tmp_path}/", "")

    return refused


WITH_TASKS = "tasks: [pos, ner]\n"

NO_FIELDS = [
    ("", "traning: {}", "traning is no field of a recipe; did you mean training?"),
    ("", "1: 2", "1: Keys should be strings, not 1"),
    ("data", "corpuss: demo", "data.corpuss is no field of a recipe; did you mean corpus?"),
    ("tokenizer", "mincount: 2", "tokenizer.mincount is no field of a recipe; did you mean min_count?"),
    ("training", "epoch: 3", "training.epoch is no field of a recipe; did you mean epochs?"),
    ("training", "early_stopping: {metrc: pos}",
     "training.early_stopping.metrc is no field of a recipe; did you mean metric?"),
    ("training", "early_stopping: {metric: pos, xyz: 1}",
     "training.early_stopping.xyz is no field of a recipe; known are metric, patience, keep"),
    ("training", "objective: {name: dwa, temprature: 1}",
     "training.objective.temprature is no field of a recipe; did you mean temperature?"),
    ("training", "affinity: {step: 3}", "training.affinity.step is no field of a recipe; did you mean steps?"),
    ("data", "derived_tasks: {x: {sorce: pos, labels: copy}}",
     "data.derived_tasks.x.sorce is no field of a recipe; did you mean source?"),
    ("data", "xyz: 1", ("data.xyz is no field of a recipe; known are corpus, root, train_domains, validation_domains, "
     "test_domains, max_sentences, sampling_seed, derived_tasks, disjoint_sentences, domain_tasks, validate_on_train, "
     "options")),
]  # fmt: skip

WRONG_KIND = [
    ("", "data: 5", "data should be a mapping of fields, not 5"),
    ("", "data:", "data should be a mapping of fields, not None"),
    ("", "tokenizer: [a]", "tokenizer should be a mapping of fields, not ['a']"),
    ("", "training: fast", "training should be a mapping of fields, not 'fast'"),
    ("", "model: [1]", "model should be a mapping of fields, not [1]"),
    ("", "seed: one", "seed: Input should be a valid integer, unable to parse string as an integer, not 'one'"),
    ("", "output: 5", "output: Input should be a valid string, not 5"),
    ("", "baselines: [majority, majrity]", "baselines.1: Input should be 'majority' or 'single_task', not 'majrity'"),
    ("data", "train_domains: news", "data.train_domains: Input should be a valid list, not 'news'"),
    ("data", "max_sentences: 5", "data.max_sentences should be a mapping of fields, not 5"),
    ("data", "max_sentences: {dev: 5}",
     "data.max_sentences.dev: Input should be 'train', 'validation' or 'test', not 'dev'"),
    ("data", "derived_tasks: {x: pos}", "data.derived_tasks.x should be a mapping of fields, not 'pos'"),
    ("data", "derived_tasks: {x: {source: pos}}", "data.derived_tasks.x.labels is missing"),
    ("data", "derived_tasks: {x: {source: pos, labels: same}}",
     "data.derived_tasks.x.labels: Input should be 'copy', 'position' or 'random', not 'same'"),
    ("tokenizer", "lowercase: perhaps",
     "tokenizer.lowercase: Input should be a valid boolean, unable to interpret input, not 'perhaps'"),
    ("training", "epochs: 2.5",
     "training.epochs: Input should be a valid integer, got a number with a fractional part, not 2.5"),
    ("training", "step: jont", "training.step: Input should be 'joint' or 'per_task', not 'jont'"),
    ("training", "optimizer: adam", "training.optimizer: Input should be 'sgd', 'adamw' or 'adadelta', not 'adam'"),
    ("training", "objective: 5", "training.objective should be a mapping of fields, not 5"),
    ("training", "affinity: 10", "training.affinity should be a mapping of fields, not 10"),
    ("training", "objective: dvd", ("training.objective.name: Input should be 'fixed', 'uncertainty', 'dwa', 'famo', "
     "'pcgrad', 'cagrad', 'mgda', 'imtl_g', 'aligned_mtl', 'config' or 'graddrop', not 'dvd'")),
    ("training", "mixed_precision: true", "training.mixed_precision: Input should be 'no' or 'bf16', not True"),
    ("training", "trackers: tensorboard", "training.trackers: Input should be a valid list, not 'tensorboard'"),
    ("training", "early_stopping: pos", "training.early_stopping should be a mapping of fields, not 'pos'"),
    ("training", "early_stopping: {metric: 5}",
     "training.early_stopping.metric should be the name of a task, or a mapping of tasks to weights, not 5"),
    ("training", "early_stopping: {metric: {pos: heavy}}", ("training.early_stopping.metric should be the name of a "
     "task, or a mapping of tasks to weights, not {'pos': 'heavy'}")),
]  # fmt: skip

OUT_OF_RANGE = [
    ("", "seed: -1", "seed: Input should be greater than or equal to 0, not -1"),
    ("", "output: ''", "output: String should have at least 1 character, not ''"),
    ("tokenizer", "min_count: 0", "tokenizer.min_count: Input should be greater than or equal to 1, not 0"),
    ("tokenizer", "max_words: 0", "tokenizer.max_words: Input should be greater than or equal to 1, not 0"),
    ("training", "epochs: 0", "training: epochs 0 should be at least 1"),
    ("training", "learning_rate: 0", "training: learning_rate 0.0 should be positive"),
    ("training", "learning_rate: .nan", "training: learning_rate nan should be positive"),
    ("training", "momentum: -0.5", "training: momentum -0.5 should be at least 0"),
    ("training", "affinity: {steps: 0}", "training.affinity: steps 0 should be at least 1"),
    ("training", "objective: {name: dwa, temperature: 0}", "training.objective: temperature 0.0 should be positive"),
    ("training", "objective: {name: famo, temperature: 2}",
     "training.objective: temperature is an option of dwa, not of famo"),
    ("training", "objective: famo\n  step: per_task", "training: objective famo needs step joint, not per_task"),
    ("training", "early_stopping: {metric: pos, patience: 0}",
     "training.early_stopping: patience 0 should be at least 1, or null for none"),
    ("training", "early_stopping: {metric: {}}",
     "training.early_stopping: metric should name a task, or give tasks their weights"),
    ("training", "early_stopping: {metric: {pos: 0}}",
     "training.early_stopping: metric: the weight of 'pos', 0.0, should be positive"),
    ("training", "early_stopping: {}", "training.early_stopping.metric is missing"),
    ("data", "max_sentences: {train: 0}", "data.max_sentences.train: Input should be greater than 0, not 0"),
    ("data", "disjoint_sentences: {pos: 0}", "data.disjoint_sentences.pos: Input should be greater than 0, not 0"),
    ("data", "sampling_seed: -1", "data.sampling_seed: Input should be greater than or equal to 0, not -1"),
    ("data", "options: {root: x}", "data.options: root is no option; say it in data.root"),
    ("data", "options: {domains: x}", "data.options: domains is no option; say it in data.train_domains"),
]  # fmt: skip


CHOICE = "masks: choice should be best, {sparsity: 0.5}, {round: 7}, or these by task, not"
MASKS = [
    ("methd: all", "masks.methd is no field of a recipe; did you mean method?"),
    ("method: magnitud",
     "masks.method: Input should be 'magnitude', 'scores', 'random', 'all' or 'layers', not 'magnitud'"),
    ("scope: all", "masks.scope: Input should be 'global' or 'layer', not 'all'"),
    ("pruning_rate: 1", "masks: pruning_rate 1.0 should lie between 0 and 1"),
    ("pruning_rate: 0.005",
     "masks: pruning_rate 0.005 takes 460 rounds to final_sparsity 0.1; at most 255 are kept on record"),
    ("pruning_rate: much",
     "masks.pruning_rate: Input should be a valid number, unable to parse string as a number, not 'much'"),
    ("final_sparsity: 0", "masks: final_sparsity 0.0 should lie between 0 and 1"),
    ("epochs: 0", "masks: epochs 0 should be at least 1"),
    ("epochs: 1.5",
     "masks.epochs: Input should be a valid integer, got a number with a fractional part, not 1.5"),
    ("warmup_epochs: -1", "masks: warmup_epochs -1 should be at least 0"),
    ("search_tasks: pos", "masks.search_tasks: Input should be a valid list, not 'pos'"),
    ("search_tasks: []",
     "masks: search_tasks should not be empty; without them the recipe's tasks are searched for"),
    ("search_tasks: [5]", "masks.search_tasks.0 should be the name of a task, or a mapping of its fields, not 5"),
    ("search_tasks: [{weight: 2}]", "masks.search_tasks: {'weight': 2} has no name"),
    ("search_tasks: [pos, ner, pos]", "masks.search_tasks: a name stands twice in pos, ner, pos"),
    ("choice: bets", f"{CHOICE} 'bets'"),
    ("choice: 0.5", f"{CHOICE} 0.5"),
    ("choice: {round: -1}", f"{CHOICE} {{'round': -1}}"),
    ("choice: {pos: {sparsity: 2}}", f"{CHOICE} {{'sparsity': 2}}"),
    ("task_layers: {pos: 1}", "masks: task_layers is for method layers, not for magnitude"),
    ("task_layers: {pos: x}\n  method: layers",
     "masks.task_layers.pos: Input should be a valid integer, unable to parse string as an integer, not 'x'"),
]  # fmt: skip
SPARSE = WITH_TASKS + "model: {model_type: sparse_sharing}\n"


@pytest.mark.parametrize(("line", "expected"), MASKS)
def test_a_wrong_field_of_masks_is_named(complaint, line, expected):
    assert complaint(f"{SPARSE}masks:\n  {line}\n") == f"r.yaml: {expected}"


def test_every_field_of_masks_has_been_got_wrong():
    assert {line.split(":")[0] for line, _ in MASKS} - {"methd"} == {field.name for field in fields(MaskSettings)}


@pytest.mark.parametrize("model", ["{}", "{sharing: hard_sharing}", "{model_type: sluice}"])
def test_other_models_have_no_masks(complaint, model):
    text = f"{WITH_TASKS}model: {model}\nmasks: {{method: all}}"
    assert complaint(text) == (
        "r.yaml: masks: only models of model_type sparse_sharing have masks; set model.model_type"
    )


def test_a_model_of_sparse_sharing_needs_no_section_for_its_masks(load):
    recipe = load(SPARSE)

    assert recipe.is_sparse
    assert recipe.masks is None
    assert recipe.data_tasks == recipe.tasks


def test_the_tasks_whose_labels_are_read_are_those_that_are_searched_for(load):
    recipe = load(f"{SPARSE}masks: {{search_tasks: [chunk, pos, {{name: ner, decoder: crf}}], choice: {{pos: best}}}}")

    assert recipe.task_names == ["pos", "ner"]
    assert recipe.data_tasks == ["chunk", "pos", {"name": "ner", "decoder": "crf"}]
    assert load(recipe.to_yaml()) == recipe


@pytest.mark.parametrize(("section", "line", "expected"), [*NO_FIELDS, *WRONG_KIND, *OUT_OF_RANGE])
def test_a_wrong_field_is_named_with_file_and_section(complaint, section, line, expected):
    text = WITH_TASKS + (f"{section}:\n  {line}\n" if section else line)
    assert complaint(text) == f"r.yaml: {expected}"


TASKS = [
    ("seed: 1", "tasks is missing"),
    ("tasks: []", "tasks should not be empty"),
    ("tasks: pos", "tasks: Input should be a valid list, not 'pos'"),
    ("tasks: [pos, 5]", "tasks.1 should be the name of a task, or a mapping of its fields, not 5"),
    ("tasks: [pos, ner, pos]", "tasks: a name stands twice in pos, ner, pos"),
    ("tasks: [pos, {name: pos, weight: 2}]", "tasks: a name stands twice in pos, pos"),
    ("tasks: [{weight: 2}]", "tasks: {'weight': 2} has no name"),
    ("tasks: [{name: 5}]", "tasks: {'name': 5} has no name"),
]


@pytest.mark.parametrize(("text", "expected"), TASKS)
def test_wrong_tasks_are_refused(complaint, text, expected):
    assert complaint(text) == f"r.yaml: {expected}"


NO_RECIPES = [
    ("", "r.yaml: a recipe should be a mapping with fields such as data, tasks, model and training"),
    ("- pos\n- ner", "r.yaml: a recipe should be a mapping with fields such as data, tasks, model and training"),
    ("tasks: [pos]\nseed: 1: 2", "r.yaml:2: not YAML (mapping values are not allowed here)"),
    ("tasks: [pos]\n\nmodel: {a: 'b}\n", "r.yaml:4: not YAML (found unexpected end of stream)"),
    ("tasks: [pos]\nseed: 2024-13-45", "r.yaml: not YAML (month must be in 1..12)"),
    (
        "tasks: [pos]\nseed: !!python/name:os.system x",
        "r.yaml:2: not YAML (could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system')",
    ),
    ("tasks: [p\0s]", "r.yaml: not YAML (unreadable)"),
    ("# Größe\ntasks: [pos]".encode("latin-1"), "r.yaml: a recipe should be a YAML file in UTF-8"),
]


@pytest.mark.parametrize(("text", "expected"), NO_RECIPES)
def test_a_file_that_is_no_recipe_is_refused(complaint, text, expected):
    assert complaint(text) == expected


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(RecipeError, match=r"none\.yaml: the recipe cannot be read \(No such file or directory\)$"):
        load_recipe(tmp_path / "none.yaml")
    with pytest.raises(RecipeError, match=r": the recipe cannot be read \(Is a directory\)$"):
        load_recipe(tmp_path)


def test_defaults(load, tmp_path):
    recipe = load("tasks: [pos]")

    assert recipe == Recipe(tasks=["pos"], output="runs/r")
    assert (recipe.data, recipe.tokenizer, recipe.training) == (DataRecipe(), TokenizerRecipe(), TrainingSettings())
    assert (recipe.data.corpus, recipe.model, recipe.baselines, recipe.seed) == ("demo", {}, [], 0)
    assert load_recipe(tmp_path / "r.yaml").output == str(Path("runs") / "r")


def test_everything_that_a_recipe_says_is_kept(load):
    recipe = load(
        "tasks: [pos, {name: ner, weight: 0.5}]\nseed: 7\noutput: here\nbaselines: [majority]\nmodel: {num_layers: 1}\n"
        "data: {corpus: ewt, root: /x, train_domains: [a], options: {incomplete: keep}}\ntokenizer: {lowercase: no}\n"
        "training: {epochs: 4, early_stopping: {metric: {pos: 1, ner: 2}, patience: null}}"
    )

    assert recipe.task_names == ["pos", "ner"]
    assert recipe.tasks[1] == {"name": "ner", "weight": 0.5}
    assert (recipe.seed, recipe.output, recipe.baselines, recipe.model) == (7, "here", ["majority"], {"num_layers": 1})
    assert recipe.data == DataRecipe(corpus="ewt", root="/x", train_domains=["a"], options={"incomplete": "keep"})
    assert recipe.tokenizer == TokenizerRecipe(lowercase=False)
    assert recipe.training == TrainingSettings(epochs=4, early_stopping=EarlyStopping({"pos": 1, "ner": 2}, None))


@pytest.mark.parametrize("word", ["no", "off", "'no'"])
def test_a_bare_no_is_a_precision(load, word):
    assert load(WITH_TASKS + f"training: {{mixed_precision: {word}}}").training.mixed_precision == "no"


def test_the_name_of_an_objective_is_enough(load):
    named, described = (load(WITH_TASKS + f"training: {{objective: {text}}}") for text in ("dwa", "{name: dwa}"))
    given = load(WITH_TASKS + "training: {objective: {name: dwa, temperature: 3}}")

    assert named == described
    assert named.training.objective == ObjectiveSettings("dwa", temperature=2.0)
    assert given.training.objective == ObjectiveSettings("dwa", temperature=3.0)


OVERRIDES = [
    ("seed=3", lambda recipe: recipe.seed == 3),
    ("training.epochs=2", lambda recipe: recipe.training.epochs == 2),
    ("training.early_stopping.metric=ner", lambda recipe: recipe.training.early_stopping == EarlyStopping("ner")),
    ("training.early_stopping={metric: {pos: 2}}",
     lambda recipe: recipe.training.early_stopping == EarlyStopping({"pos": 2})),
    ("tasks=[ner]", lambda recipe: recipe.task_names == ["ner"]),
    ("model.sharing=hard", lambda recipe: recipe.model == {"num_layers": 1, "sharing": "hard"}),
    ("data.options.train_sentences=8", lambda recipe: recipe.data.options == {"train_sentences": 8}),
    ("output=a=b", lambda recipe: recipe.output == "a=b"),
    (" training.epochs =2", lambda recipe: recipe.training.epochs == 2),
]  # fmt: skip


@pytest.mark.parametrize(("override", "holds"), OVERRIDES)
def test_an_override_replaces_what_the_file_says(load, override, holds):
    text = WITH_TASKS + "seed: 1\nmodel: {num_layers: 1}\ntraining: {epochs: 9, learning_rate: 0.5}"
    plain, overridden = load(text), load(text, override)

    assert not holds(plain)
    assert holds(overridden)
    assert overridden.training.learning_rate == 0.5


def test_the_last_override_counts(load):
    assert load(WITH_TASKS, "seed=1", "seed=2").seed == 2


WRONG_OVERRIDES = [
    ("seed", "--set seed: should be section.field=value"),
    ("seed.x=1", "--set seed.x=1: seed has no fields"),
    ("tasks=[pos", "--set tasks=[pos: '[pos' is not YAML"),
    ("seed=2024-13-45", "--set seed=2024-13-45: '2024-13-45' is not YAML"),
    ("training.epoch=1", "r.yaml: training.epoch is no field of a recipe; did you mean epochs?"),
]


@pytest.mark.parametrize(("override", "expected"), WRONG_OVERRIDES)
def test_a_wrong_override_is_named(complaint, override, expected):
    assert complaint(WITH_TASKS + "seed: 5", override) == expected


@pytest.mark.parametrize(
    "text",
    [
        "tasks: [pos]",
        "tasks: [{name: größe, weight: 2.5, labels: [a, b]}]\ntraining: {mixed_precision: no, max_grad_norm: null}",
        "tasks: [a]\ntraining: {objective: {name: famo, decay: 0}}",
        (
            "tasks: [a, b]\ntraining: {early_stopping: {metric: {a: 1, b: 2}, patience: null}, trackers: [x]}\nmodel: "
            "{alpha_init: [[1, 0], [0, 1]]}\ndata: {options: {files: {train: [a, b]}}, test_domains: []}\nbaselines: "
            "[single_task]\nseed: 3\noutput: x y"
        ),
    ],
)
def test_what_a_recipe_writes_reads_as_the_same_recipe(load, text):
    recipe = load(text)
    written = recipe.to_yaml()

    assert load(written) == recipe
    assert load(written).to_yaml() == written
    for field in (*Recipe.model_fields, *[field.name for field in fields(TrainingSettings)]):
        assert f"{field}:" in written


def test_domains_of_validation_are_by_default_those_of_training():
    assert DataRecipe().domains() == {}
    assert DataRecipe(train_domains=["a"]).domains() == {"train": ["a"], "validation": ["a"]}
    assert DataRecipe(train_domains=["a"], validation_domains=["b"], test_domains=["c"]).domains() == {
        "train": ["a"], "validation": ["b"], "test": ["c"],
    }  # fmt: skip
    assert DataRecipe(validation_domains=["b"]).domains() == {"validation": ["b"]}


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_recipes_of_the_repository_load(path):
    recipe = load_recipe(path)

    assert recipe.output == str(Path("runs") / path.stem)
    stopping = recipe.training.early_stopping
    assert stopping is None or set(stopping.weights) <= set(recipe.task_names)


def test_there_are_recipes():
    assert len(RECIPES) >= 3
