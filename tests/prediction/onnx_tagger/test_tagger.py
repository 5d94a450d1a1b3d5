from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from hf_sluice.data.sentence import Place
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from hf_sluice.prediction.sentences import UntaggedSentence
from hf_sluice.prediction.tagging import tag_sentences
from tests.export.exporting import NAMES, SENTENCES, save_tagger
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.models.tiny_tagging import DECODING


def expected_of(saved, sentences, tasks=None):
    stream = (UntaggedSentence(words, Place("f", 1)) for words in sentences)
    return [dict(one.predictions) for one in tag_sentences(saved.model, saved.tokenizer, stream, tasks)]


def close(values):
    return [{**tagged, "time": pytest.approx(tagged["time"], rel=1e-4, abs=1e-5)} for tagged in values]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "crf"
    save_tagger(path, "crf")
    return path


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
@pytest.mark.parametrize("decoding", DECODING)
def test_labels_are_those_of_the_model(tmp_path, decoding, make):
    saved = save_tagger(tmp_path / "out", decoding, make=make)
    found = list(OnnxTagger(tmp_path / "out").tag(SENTENCES))

    assert close(found) == expected_of(saved, SENTENCES)
    assert len({label for tagged in found for label in tagged["ner"]}) == 3


def test_any_number_of_sentences_comes_in_order(folder):
    tagger = OnnxTagger(folder)
    alone = [next(tagger.tag([words])) for words in SENTENCES]
    taken = []
    stream = tagger.tag(taken.append(words) or words for words in SENTENCES * 500)

    assert next(stream) == close(alone)[0]
    assert len(taken) < 1100
    rest = list(stream)
    assert len(rest) == 2499
    assert rest[-5:] == close(alone)


def test_a_tagger_that_reads_no_characters(tmp_path):
    saved = save_tagger(tmp_path / "out", char_encoder="none")

    assert not (tmp_path / "out" / "characters.onnx").exists()
    assert close(OnnxTagger(tmp_path / "out").tag(SENTENCES)) == expected_of(saved, SENTENCES)


def test_tasks_come_as_asked_for(folder):
    tagger = OnnxTagger(folder)
    whole = list(tagger.tag(SENTENCES))
    some = list(tagger.tag(SENTENCES, ["ner", "pos"]))

    assert list(tagger.tasks) == NAMES
    assert list(some[0]) == ["ner", "pos"]
    assert some == [{name: tagged[name] for name in ("ner", "pos")} for tagged in whole]
    with pytest.raises(ValueError, match="task 'nre' is none of pos, ner, time"):
        next(tagger.tag(SENTENCES, ["nre"]))


def test_the_folder_tags_without_torch_and_without_the_package(folder):
    script = (
        "import sys, json\n"
        "for name in ('torch', 'transformers', 'hf_sluice', 'onnx', 'regex'): sys.modules[name] = None\n"
        "from onnx_tagger import OnnxTagger\n"
        f"print(json.dumps(list(OnnxTagger('.').tag({SENTENCES!r}))))\n"
    )
    # The folder in place of this checkout.
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == close(OnnxTagger(folder).tag(SENTENCES))


@pytest.mark.parametrize("sentence", ["text", [], ["a", ""], ["a", 3]])
def test_what_is_no_sentence_is_refused(folder, sentence):
    with pytest.raises(ValueError, match="should be a list of words, each of at least one character"):
        list(OnnxTagger(folder).tag([["fine"], sentence]))


def test_missing_files_are_named(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "characters.onnx").unlink()

    with pytest.raises(ValueError, match=r"characters\.onnx: there is no such graph"):
        OnnxTagger(tmp_path / "copy")
    with pytest.raises(ValueError, match=r"model_int8\.onnx: there is no such graph"):
        OnnxTagger(folder, graph="model_int8.onnx")
