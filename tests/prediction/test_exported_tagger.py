from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from hf_sluice.data.sentence import Place
from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.prediction.exported_tagger import is_exported, load_exported, tag_with_exported
from hf_sluice.prediction.sentences import UntaggedSentence
from tests.export.exporting import NAMES, SENTENCES, save_tagger


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "tagger"
    save_tagger(path, "constrained")
    return path


def test_each_sentence_comes_with_what_is_said_of_it(folder):
    tagger = load_exported(str(folder))
    sentences = [UntaggedSentence(words, Place("f", i)) for i, words in enumerate(SENTENCES * 300)]
    tagged = list(tag_with_exported(tagger, sentences, ["ner", "pos"]))
    expected = list(tagger.tag(SENTENCES, ["ner", "pos"])) * 300

    assert [one.sentence for one in tagged] == sentences
    assert [one.predictions for one in tagged] == expected


def test_a_folder_and_a_graph_in_it_are_models(folder):
    assert is_exported(str(folder))
    assert is_exported(str(folder / "model.onnx"))
    assert not is_exported(str(folder.parent))
    assert list(load_exported(str(folder / "model.onnx")).tasks) == NAMES


def test_the_command_tags_with_it_without_torch(folder):
    script = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'datasets', 'onnx'): sys.modules[name] = None\n"
        "from hf_sluice.cli import main\n"
        f"sys.exit(main(['predict', {str(folder)!r}, '--text', 'Ann saw it.', '--tasks', 'ner,pos']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    (expected,) = load_exported(str(folder)).tag([["Ann", "saw", "it", "."]])

    assert (done.returncode, done.stderr) == (0, "")
    rows = [row.split("\t") for row in done.stdout.splitlines()[1:-1]]
    assert rows == list(map(list, zip(["Ann", "saw", "it", "."], expected["ner"], expected["pos"], strict=True)))


def test_what_is_damaged_or_missing_is_named(folder, tmp_path):
    with pytest.raises(ModelFolderError, match=r"model_int8\.onnx: there is no such graph"):
        load_exported(str(folder / "model_int8.onnx"))
    for name in ("tagger.json", "vocabulary.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "model.onnx").write_text("nonsense")
    with pytest.raises(ModelFolderError, match=r"model\.onnx: damaged, no graph that can be run"):
        load_exported(str(tmp_path))


def test_without_the_package_one_line_says_how_to_get_it(folder, monkeypatch):
    monkeypatch.setattr(
        "hf_sluice.onnx_library.find_spec", lambda name: None if name == "onnxruntime" else find_spec(name)
    )

    with pytest.raises(
        UserError, match=r"needs the package onnxruntime, which is not there: pip install 'hf-sluice\[onnx\]'"
    ):
        load_exported(str(folder))


@pytest.mark.parametrize("option", [("--batch-size", 3), ("--dtype", "bfloat16")])
def test_what_only_torch_can_do_is_refused(hf_sluice, folder, option):
    done = hf_sluice("predict", folder, "--text", "a", *option)

    assert (done.code, done.out) == (2, "")
    assert "--batch-size and --dtype have no meaning for an exported tagger" in done.err
