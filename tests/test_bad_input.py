"""What a user may get wrong, each through the command: one line that says what, where and what would be right."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.conftest import TINY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = "The DT B-NP\nend NN I-NP\n\nGo VB B-VP\n"
COLUMNS = """
data:
  corpus: columns
  options:
    files: {{train: {0}/train.conll, validation: {0}/train.conll, test: {0}/test.conll}}
    columns: [token, pos, chunk]
tasks: [{{name: pos}}, {{name: chunk, scheme: IOB2, metric: span_f1}}]
model: {{num_layers: 2}}
output: {0}/run
"""
TINY_OPTIONS = [part for override in TINY[1:] for part in ("--set", override)]


@dataclass
class Workplace:
    """A folder with good files, of which each case spoils one.

    Args:
        folder: holds ``recipe.yaml``, ``train.conll``, ``test.conll`` and the model folder ``model``.
    """

    folder: Path

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def recipe(self, before: str, after: str) -> None:
        text = (self.folder / "recipe.yaml").read_text(encoding="utf-8")
        assert before in text
        self.write("recipe.yaml", text.replace(before, after))

    def cut(self, name: str, size: int) -> None:
        self.write(name, (self.folder / name).read_bytes()[:size])

    def configure(self, **values) -> None:
        config = json.loads((self.folder / "model" / "config.json").read_text(encoding="utf-8"))
        self.write("model/config.json", json.dumps(config | values))


@dataclass
class Case:
    """One mistake.

    Args:
        spoil: makes it.
        command: what to run, in the folder.
        message: what the line says after ``hf-sluice: ``, ``{}`` being the folder.
    """

    spoil: Callable[[Workplace], object]
    command: str
    message: str


TRAIN = "train recipe.yaml"
EVALUATE = "evaluate model --recipe recipe.yaml --json scores.json"
SEARCH = "search recipe.yaml"
PREDICT = "predict model --output out.conll"
NETWORK = "model: {num_layers: 2}"


def sparse(at: Workplace, masks: str, tasks: str = "") -> None:
    """Makes the recipe one of sparse sharing."""
    at.recipe(NETWORK, f"model: {{model_type: sparse_sharing, num_layers: 2}}\nmasks: {{{masks}}}")
    if tasks:
        at.recipe("tasks: [{name: pos}, {name: chunk, scheme: IOB2, metric: span_f1}]", f"tasks: {tasks}")


def foreign_search(at: Workplace, folder: str) -> None:
    (at.folder / folder).mkdir(parents=True)
    at.write(f"{folder}/recipe.yaml", "tasks: [pos]\noutput: search\n")


CASES = {
    "missing column": Case(
        lambda at: at.recipe("[token, pos, chunk]", "[token, pos]"),
        TRAIN,
        "columns: there is no column 'chunk' for task 'chunk'; there is token, pos",
    ),
    "ragged line": Case(
        lambda at: at.write("test.conll", "The DT B-NP\nend NN\n"),
        TRAIN,
        "{}/test.conll:2: ragged line: 2 columns instead of 3 (token, pos, chunk)",
    ),
    "unknown label in test data": Case(
        lambda at: at.write("test.conll", GOOD.replace("VB", "VBX")),
        TRAIN,
        "{}/test.conll:4: task 'pos': label 'VBX' is not one of DT, NN, VB (word 1, 'Go')",
    ),
    "label that the model does not know": Case(
        lambda at: [at.write(name, GOOD.replace("VB", "VBX")) for name in ("train.conll", "test.conll")],
        EVALUATE,
        "task 'pos': the model does not know label 'VBX' (sentence 'test.conll-2'); it knows",
    ),
    "wrong encoding": Case(
        lambda at: at.write("train.conll", "The DT B-NP\nEnde NN I-NP\nM\u00fcll NN I-NP\n".encode("latin-1")),
        TRAIN,
        "{}/train.conll:3: not UTF-8 (byte 2 of the line); save it as UTF-8",
    ),
    "empty file": Case(lambda at: at.write("test.conll", ""), TRAIN, "{}/test.conll: no sentences"),
    "missing file": Case(lambda at: (at.folder / "test.conll").unlink(), TRAIN, "{}/test.conll: no such file"),
    "missing split": Case(
        lambda at: at.recipe(f", test: {at.folder}/test.conll", ""),
        TRAIN,
        "data: the corpus has no split 'test'; it has train, validation",
    ),
    "sentence of zero tokens": Case(
        lambda at: [
            at.write("a.jsonl", '{"tokens": ["a"], "pos": ["DT"]}\n{"tokens": [], "pos": []}\n'),
            at.write("recipe.yaml", f"data: {{corpus: datasets, options: {{files: {{train: {at.folder}/a.jsonl}}}}}}\n"
                                    f"tasks: [{{name: pos}}]\noutput: {at.folder}/run\n"),
        ],
        TRAIN,
        "{}/a.jsonl!train:2: sentence 'train-2' has no words; at least one is needed",
    ),
    "unknown key of a recipe": Case(
        lambda at: at.recipe("model:", "modle:"),
        TRAIN,
        "recipe.yaml: modle is no field of a recipe; did you mean model?",
    ),
    "unknown field of the model": Case(
        lambda at: at.recipe("num_layers", "layers"), TRAIN, "model.layers is no field of a recipe; known are"
    ),
    "recipe that is no YAML": Case(
        lambda at: at.write("recipe.yaml", "tasks: [pos\n"), TRAIN, "recipe.yaml:2: not YAML"
    ),
    "missing recipe": Case(
        lambda at: (at.folder / "recipe.yaml").unlink(),
        TRAIN,
        "recipe.yaml: the recipe cannot be read (No such file or directory)",
    ),
    "α of the wrong shape": Case(
        lambda at: at.recipe("num_layers: 2", "num_layers: 2, alpha_init: [[1, 0], [0, 1]]"),
        TRAIN,
        "model: alpha_init should have the shape [2, 4, 4]",
    ),
    "low supervision at a layer that is not there": Case(
        lambda at: at.recipe("num_layers: 2", "num_layers: 2, sharing: low_supervision, task_layers: {chunk: 3}"),
        TRAIN,
        "model: task_layers: 'chunk' should read a layer from 1 to 2 (num_layers), not 3",
    ),
    "low supervision of an unknown task": Case(
        lambda at: at.recipe("num_layers: 2", "num_layers: 2, sharing: low_supervision, task_layers: {ner: 1}"),
        TRAIN,
        "model: task_layers: 'ner' is none of the tasks pos, chunk",
    ),
    "layers of tasks that learn which layers to read": Case(
        lambda at: at.recipe("num_layers: 2", "num_layers: 2, task_layers: {chunk: 1}"),
        TRAIN,
        "model: task_layers is not read by sharing 'sluice'; it is for low_supervision",
    ),
    "low supervision with skip connections": Case(
        lambda at: at.recipe("num_layers: 2", "sharing: low_supervision, layer_connection: skip"),
        TRAIN,
        "model: layer_connection 'skip' contradicts sharing 'low_supervision', which reads one layer per task; leave",
    ),
    "cross-stitch of one task": Case(
        lambda at: [at.recipe("num_layers: 2", "sharing: cross_stitch"),
                    at.recipe(", {name: chunk, scheme: IOB2, metric: span_f1}", "")],
        TRAIN,
        "model: sharing 'cross_stitch' is for at least 2 tasks, not for 1: pos",
    ),
    "subspaces that do not divide the units": Case(
        lambda at: at.recipe("num_layers: 2", "num_subspaces: 3"),
        TRAIN,
        "model: hidden_size 8 cannot be cut into num_subspaces 3 equal parts",
    ),
    "group lasso of whole layers": Case(
        lambda at: at.recipe("num_layers: 2", "sharing: group_lasso, num_subspaces: 1"),
        TRAIN,
        "model: num_subspaces should be at least 2 for sharing 'group_lasso', not 1",
    ),
    "domains with four subspaces": Case(
        lambda at: at.recipe("num_layers: 2", "sharing: domain_adaptation, num_subspaces: 4"),
        TRAIN,
        "model: num_subspaces should be 2 for sharing 'domain_adaptation', not 4",
    ),
    "domains that differ in their labels": Case(
        lambda at: at.recipe("num_layers: 2", "sharing: domain_adaptation"),
        TRAIN,
        "model: tasks: sharing 'domain_adaptation' is for domains with one label set, in one order; "
        "'pos' and 'chunk' differ",
    ),
    "sharing that there is not": Case(
        lambda at: at.recipe("num_layers: 2", "sharing: crossstitch"),
        TRAIN,
        "model: sharing 'crossstitch' is none of sluice, hard_sharing, single_task, constant_alpha, low_supervision, ",
    ),
    "masks of a sluice network": Case(
        lambda at: at.recipe(NETWORK, f"{NETWORK}\nmasks: {{method: all}}"),
        TRAIN,
        "recipe.yaml: masks: only models of model_type sparse_sharing have masks; set model.model_type",
    ),
    "masks of an unknown method": Case(
        lambda at: sparse(at, "method: magnitud"), TRAIN, "recipe.yaml: masks.method: Input should be 'magnitude', "
    ),
    "pruning of everything": Case(
        lambda at: sparse(at, "pruning_rate: 1"),
        TRAIN,
        "recipe.yaml: masks: pruning_rate 1.0 should lie between 0 and 1",
    ),
    "choice of a candidate by an unknown rule": Case(
        lambda at: sparse(at, "choice: first"),
        TRAIN,
        "recipe.yaml: masks: choice should be best, {{sparsity: 0.5}}, {{round: 7}}, or these by task, not 'first'",
    ),
    "choice of a candidate for an unknown task": Case(
        lambda at: sparse(at, "choice: {nre: best}"), TRAIN, "masks.choice: 'nre' is none of the tasks pos, chunk"
    ),
    "choice of a round that there is not": Case(
        lambda at: sparse(at, "choice: {round: 99}, final_sparsity: 0.9, pruning_rate: 0.05"),
        TRAIN,
        "masks.choice: there is no round 99 of task 'pos'; the last one is 3",
    ),
    "trained task that is not searched for": Case(
        lambda at: sparse(at, "search_tasks: [{name: pos}]"),
        TRAIN,
        "masks.search_tasks: 'chunk' is trained but not searched for; add it to them",
    ),
    "task that is searched for otherwise": Case(
        lambda at: sparse(at, "search_tasks: [{name: pos}, {name: chunk}]"),
        TRAIN,
        "masks.search_tasks: 'chunk' is described otherwise than in tasks",
    ),
    "masks of layers of an unknown task": Case(
        lambda at: sparse(at, "method: layers, task_layers: {nre: 1}"),
        TRAIN,
        "masks.task_layers: 'nre' is none of the tasks pos, chunk",
    ),
    "masks of a layer that is not there": Case(
        lambda at: sparse(at, "method: layers, task_layers: {pos: 3}"),
        TRAIN,
        "masks.task_layers: 'pos' should run through 1 to 2 layers, not 3",
    ),
    "training after the search for other masks": Case(
        lambda at: [sparse(at, "epochs: 1"), foreign_search(at, "run/search")],
        TRAIN,
        "{}/run/search: holds the search of another recipe or seed; remove it or choose another",
    ),
    "search in the folder of another": Case(
        lambda at: [sparse(at, "epochs: 1"), foreign_search(at, "elsewhere")],
        f"{SEARCH} --folder elsewhere",
        "elsewhere: holds the search of another recipe or seed; remove it or choose another",
    ),
    "search in a file": Case(
        lambda at: sparse(at, "epochs: 1"),
        f"{SEARCH} --folder test.conll",
        "test.conll: the search's folder cannot be written (File exists)",
    ),
    "search for the masks of a sluice network": Case(
        lambda _at: None, SEARCH, "recipe.yaml: model.model_type: only models of model_type sparse_sharing have masks"
    ),
    "search for masks that are given": Case(
        lambda at: sparse(at, "method: all"),
        SEARCH,
        "recipe.yaml: masks.method all: such masks need no search; train the recipe",
    ),
    "search for a round that there is not": Case(
        lambda at: sparse(at, "choice: {chunk: {round: 99}}"),
        SEARCH,
        "recipe.yaml: masks.choice: there is no round 99 of task 'chunk'; the last one is 22",
    ),
    "search for a task without labels": Case(
        lambda at: [sparse(at, "epochs: 1", "[{name: pos}, {name: chunk, labels: [B-NP, I-NP, B-VP]}]"),
                    at.recipe("columns: [token, pos, chunk]", "columns: [token, pos, chunk]\n    missing: _"),
                    at.write("train.conll", "The DT _\nend NN _\n\nGo VB _\n")],
        SEARCH,
        "split 'train': no sentence has a label of task 'chunk'; it cannot be trained",
    ),
    "early stopping by an unknown task": Case(
        lambda at: at.recipe("output:", "training: {early_stopping: {metric: nre}}\noutput:"),
        TRAIN,
        "early_stopping.metric: 'nre' is none of the tasks pos, chunk",
    ),
    "corpora without a root": Case(
        lambda at: at.write("recipe.yaml", f"data: {{corpus: ewt}}\ntasks: [pos]\noutput: {at.folder}/run\n"),
        TRAIN,
        "corpus 'ewt': set HF_SLUICE_DATA (or root) to the folder that holds the folders of the corpora",
    ),
    "unknown corpus": Case(
        lambda at: at.recipe("corpus: columns", "corpus: colunms"),
        "data recipe.yaml",
        "corpus 'colunms' is unknown; choose one of",
    ),
    "override without a value": Case(
        lambda _at: None, f"{TRAIN} --set training.epochs", "--set training.epochs: should be section.field=value"
    ),
    "run that is there": Case(
        lambda at: [(at.folder / "run").mkdir(), at.write("run/recipe.yaml", "tasks: [pos]\n")],
        TRAIN,
        "{}/run: holds a run already; use --resume to continue it or --overwrite",
    ),
    "resuming another recipe": Case(
        lambda at: [(at.folder / "run").mkdir(), at.write("run/recipe.yaml", "tasks: [pos]\n")],
        f"{TRAIN} --resume",
        "{}/run/recipe.yaml: the run was begun with another recipe or seed; use --overwrite",
    ),
    "run folder that is a file": Case(
        lambda at: at.write("run", ""), TRAIN, "{}/run: the run's folder cannot be written (File exists)"
    ),
    "truncated checkpoint": Case(
        lambda at: at.cut("model/model.safetensors", 5000),
        f"{PREDICT} --text a",
        "model/model.safetensors: damaged or cut short",
    ),
    "model of another type": Case(
        lambda at: at.configure(model_type="bert"),
        "inspect model",
        "model: holds a model of type 'bert'; sluice, sparse_sharing is expected",
    ),
    "model without a tokenizer": Case(
        lambda at: (at.folder / "model" / "vocabulary.json").unlink(),
        f"{PREDICT} --text a",
        "model: the file vocabulary.json is missing",
    ),
    "missing model": Case(lambda _at: None, "inspect ./no/such/model", "./no/such/model: no such folder"),
    "missing layer": Case(lambda _at: None, "inspect model --layer 3", "layer 3: the model has layers 1 to 2"),
    "model without a recipe": Case(
        lambda at: shutil.move(at.folder / "model", at.folder / "copy"),
        "evaluate copy",
        "copy: not the model of a run, so that no recipe tells its data; give --recipe",
    ),
    "ragged line to predict": Case(
        lambda at: at.write("a.conll", "a X\nb\n"),
        f"{PREDICT} a.conll",
        "a.conll:2: ragged line: 1 columns instead of 2",
    ),
    "missing column to predict": Case(
        lambda _at: None,
        f"{PREDICT} test.conll --word-column 4",
        "test.conll:1: no column '4' for the words; the columns are 1, 2, 3",
    ),
    "sentence of zero tokens to predict": Case(
        lambda at: at.write("a.jsonl", '{"tokens": ["a"]}\n{"tokens": []}\n'),
        f"{PREDICT} a.jsonl",
        "a.jsonl:2: a sentence without words; at least one is needed",
    ),
    "wrong encoding to predict": Case(
        lambda at: at.write("a.txt", b"fine\n\xff\n"), f"{PREDICT} a.txt", "a.txt:2: not UTF-8"
    ),
    "empty file to predict": Case(lambda at: at.write("a.txt", ""), f"{PREDICT} a.txt", "a.txt: no sentences"),
    "missing file to predict": Case(lambda _at: None, f"{PREDICT} nosuch.txt", "nosuch.txt: no such file"),
    "unknown format to predict": Case(
        lambda at: at.write("a.doc", "a"), f"{PREDICT} a.doc", "a.doc: the name does not tell the format"
    ),
    "unknown task to predict": Case(
        lambda _at: None, f"{PREDICT} --text a --tasks nre", "task 'nre' is none of the model's tasks: pos, chunk, ner"
    ),
    "output in a missing folder": Case(
        lambda _at: None,
        "predict model --text a --output no/such/out.conll",
        "no/such/out.conll: cannot be written (No such file or directory)",
    ),
    "output that is a folder": Case(
        lambda _at: None, "predict model --text a --output model", "model: cannot be written (Is a directory)"
    ),
}  # fmt: skip


@pytest.fixture
def workplace(tmp_path, demo_run, monkeypatch) -> Workplace:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    shutil.copytree(demo_run / "model", tmp_path / "model")
    place = Workplace(tmp_path)
    place.write("recipe.yaml", COLUMNS.format(tmp_path))
    place.write("train.conll", GOOD)
    place.write("test.conll", GOOD)
    return place


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def options(command: str) -> list[str]:
    return [*command.split(), *(TINY_OPTIONS if command.startswith("train") else ())]


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_ends_in_one_line_and_leaves_nothing_behind(hf_sluice, workplace, name):
    case = CASES[name]
    case.spoil(workplace)
    before = contents(workplace.folder)
    done = hf_sluice(*options(case.command))

    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("hf-sluice: ")
    assert case.message.format(workplace.folder) in done.err
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")
    assert contents(workplace.folder) == before


@pytest.mark.parametrize("command", [TRAIN, EVALUATE, f"{PREDICT} test.conll", "inspect model", "data recipe.yaml"])
@pytest.mark.usefixtures("workplace")
def test_without_a_mistake_the_same_commands_succeed(hf_sluice, command):
    done = hf_sluice(*options(command))

    assert (done.code, done.err) == (0, "")
