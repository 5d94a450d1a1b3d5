"""What somebody may have put into a repository does no harm to those who load it with this package."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, save
from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.pipeline_multitask import MultiTaskTaggingPipeline
from hf_sluice.prediction.model_folder import load_tagger
from tests.prediction.tiny_tagger import tiny_tagger

NAME = "user/repo"
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"


class Trap:
    """Unpickled it makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.fixture(scope="module")
def pushed_files(tmp_path_factory):
    """Files of a good model by name."""
    folder = tmp_path_factory.mktemp("good")
    model, tokenizer = tiny_tagger()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def files(pushed_files):
    return dict(pushed_files)


@pytest.fixture
def trap(tmp_path):
    """A path at which a file appears as soon as anything of a repository is run."""
    path = tmp_path / "sprung"
    yield path
    assert not path.exists()
    assert {entry.name for entry in tmp_path.iterdir()} <= {"hub_home", "folder"}


def test_the_trap_springs(tmp_path):
    pickle.loads(pickle.dumps(Trap(tmp_path / "sprung")))  # noqa: S301 - the one that is meant to
    assert (tmp_path / "sprung").exists()


@pytest.fixture(params=["Hub", "folder"])
def publish(request, tmp_path):
    """Puts files onto the Hub, or into a folder, and says by which name they are loaded."""
    if request.param == "Hub":
        hub = request.getfixturevalue("hub")

        def onto_the_hub(files):
            hub.repository(NAME).put(files)
            return NAME

        return onto_the_hub

    def into_a_folder(files):
        for name, content in files.items():
            if ".." not in name:
                (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / "folder" / name).write_bytes(content)
        return str(tmp_path / "folder")

    return into_a_folder


def edit(files, name, **values):
    files[name] = json.dumps({**json.loads(files[name]), **values}).encode()


def pickled(trap):
    return pickle.dumps({"heads.0.output.weight": Trap(trap)})


def only_pickled(files, trap):
    del files[WEIGHTS]
    files["pytorch_model.bin"] = pickled(trap)


def in_parts(part):
    def change(files, trap):
        files["part.bin"] = pickled(trap)
        files[INDEX] = json.dumps({"metadata": {}, "weight_map": {"heads.0.output.weight": part}}).encode()
        del files[WEIGHTS]

    return change


def configured(**values):
    def change(files, trap):
        files["adapter_model.bin"] = pickled(trap)
        edit(files, "config.json", **values)

    return change


def other_shapes(files, _):
    weights = load(files[WEIGHTS])
    weights["heads.0.output.weight"] = weights["heads.0.output.weight"][:, :-1].clone()
    files[WEIGHTS] = save(weights, {"format": "pt"})


def damaged_vocabulary(files, _):
    files["vocabulary.json"] = b'{"words": "/etc/passwd"}'


# What is said by load_tagger, and by from_pretrained, on one line; None where the latter says more than that.
REFUSED = {
    "weights that are pickled": (only_pickled, "the file model.safetensors is missing", "nothing is unpickled"),
    "parts that are pickled": (in_parts("part.bin"), "model.safetensors is missing", f"{INDEX} names 'part.bin'"),
    "parts elsewhere": (in_parts("../x.safetensors"), "model.safetensors is missing", "names '../x.safetensors'"),
    "parts anywhere": (in_parts("/x.safetensors"), "model.safetensors is missing", "names '/x.safetensors'"),
    "parts on Windows": (in_parts("..\\x.safetensors"), "model.safetensors is missing", "names"),
    "another file of weights": (
        configured(transformers_weights="adapter_model.bin"),
        "config.json has transformers_weights",
        "config.json has transformers_weights, which no tagger has",
    ),
    "code for attention": (
        configured(attn_implementation="other/kernel"),
        "config.json has attn_implementation",
        "config.json has attn_implementation",
    ),
    "quantised": (
        configured(quantization_config={"quant_method": "torchao"}),
        "config.json has quantization_config",
        "config.json has quantization_config",
    ),
    "tensors of other shapes": (other_shapes, "describe models of other sizes", None),
    "task with a path": (
        configured(tasks=[{"name": "../../x", "labels": ["A"]}]),
        "tasks: '../../x' is no name",
        "tasks: '../../x' is no name",
    ),
}


@pytest.mark.parametrize(("change", "by_command", "by_class"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_one_line(publish, files, trap, change, by_command, by_class):
    change(files, trap)
    name = publish(files)
    with pytest.raises(ModelFolderError) as caught:
        load_tagger(name)
    assert by_command in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises((ValueError, RuntimeError)) as caught:
        AutoModelForTokenClassification.from_pretrained(name)
    if by_class is not None:
        assert by_class in str(caught.value)
        assert "\n" not in str(caught.value)


def more_pickles(files, trap):
    for name in ("pytorch_model.bin", "tokenizer.pkl", "optimizer.pt", "training_args.bin", "x/data.pkl"):
        files[name] = pickled(trap)


def other_code(files, trap):
    code = f"import pathlib\npathlib.Path({str(trap)!r}).touch()\nSluiceForTokenClassification = SluiceConfig = None\n"
    for name in ("configuration_sluice", "modeling_sluice", "tokenization_tagger", "pipeline_multitask", "code"):
        files[f"{name}.py"] = code.encode()
    for prefix in ("", "other/repo--"):
        references = dict.fromkeys(("AutoConfig", "AutoModel", "AutoTokenizer"), f"{prefix}code.SluiceConfig")
        references["AutoModelForTokenClassification"] = f"{prefix}modeling_sluice.SluiceForTokenClassification"
    task = {"impl": "pipeline_multitask.MultiTaskTaggingPipeline", "pt": ["AutoModelForTokenClassification"]}
    edit(files, "config.json", auto_map=references, custom_pipelines={"multitask-token-classification": task})
    edit(files, "tokenizer_config.json", auto_map={"AutoTokenizer": ["other/repo--code.SluiceConfig", None]})


def paths_in_names(files, _):
    for name in ("../../../../outside.json", "../model.safetensors", "/outside.json", "a/../../../../../../b.json"):
        files[name] = b"{}"


def another_vocabulary(files, _):
    edit(files, "tokenizer_config.json", vocab_file="/etc/passwd", vocabulary_file="../../x")


HARMLESS = {
    "more pickles": more_pickles,
    "other code": other_code,
    "paths in names": paths_in_names,
    "another vocabulary": another_vocabulary,
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_it_is_passed_over(publish, files, pushed_files, trap, change):
    change(files, trap)
    name = publish(files)
    model, tokenizer = tiny_tagger()
    taggers = [load_tagger(name).model, AutoModelForTokenClassification.from_pretrained(name)]
    taggers.append(AutoModelForTokenClassification.from_pretrained(name, trust_remote_code=True))
    tagger = pipeline("multitask-token-classification", model=name)
    assert type(tagger) is MultiTaskTaggingPipeline
    expected = load(pushed_files[WEIGHTS])
    for found in (*taggers, tagger.model):
        assert type(found) is type(model)
        assert all(torch.equal(of.cpu(), expected[key]) for key, of in found.state_dict().items())
    assert AutoTokenizer.from_pretrained(name).vocabulary == tokenizer.vocabulary
    assert tagger("She saw him .").keys() == {task["name"] for task in model.config.tasks}


def test_no_other_repository_is_asked_for(hub, files, trap):
    other_code(files, trap)
    hub.repository(NAME).put(files)
    load_tagger(NAME)
    AutoModelForTokenClassification.from_pretrained(NAME)
    assert [request.path for request in hub.requests if NAME not in request.path] == []


def test_a_vocabulary_that_is_none_is_refused(publish, files, trap):
    damaged_vocabulary(files, trap)
    name = publish(files)
    with pytest.raises(ModelFolderError, match="the tokenizer is damaged") as caught:
        load_tagger(name)
    assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match=r"vocabulary\.json"):
        AutoTokenizer.from_pretrained(name)


def test_of_a_repository_nothing_is_fetched_but_what_is_needed(hub, files, trap):
    more_pickles(files, trap)
    other_code(files, trap)
    hub.repository(NAME).put({**files, "results.json": b"{}", "x/model.safetensors": b"", "large.safetensors": b""})
    load_tagger(NAME)
    fetched = {
        request.path.rpartition("/")[2]
        for request in hub.requests
        if request.method == "GET" and "resolve" in request.path
    }
    assert fetched == {"config.json", WEIGHTS, "vocabulary.json", "tokenizer_config.json", "architecture.json"}


def test_nobody_can_ask_for_pickles(hub, files, trap):
    more_pickles(files, trap)
    hub.repository(NAME).put(files)
    with pytest.raises(ValueError, match="use_safetensors=False: nothing is unpickled"):
        AutoModelForTokenClassification.from_pretrained(NAME, use_safetensors=False)
    assert AutoModelForTokenClassification.from_pretrained(NAME, use_safetensors=None) is not None
