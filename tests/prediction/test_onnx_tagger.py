from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_sluice.data.sentence import Place
from hf_sluice.models.tagger_vocabulary import CHARACTER_SYMBOLS, WORD_SYMBOLS
from hf_sluice.prediction.onnx_tagger import NUM_SYMBOLS, OnnxTagger, _Words
from hf_sluice.prediction.sentences import UntaggedSentence
from hf_sluice.prediction.tagging import tag_sentences
from tests.export.exporting import NAMES, SENTENCES, save_tagger
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.models.tiny_tagging import DECODING, TOKENIZER


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


def test_forms_are_remembered_and_forgotten_where_there_are_too_many(folder):
    expected = list(OnnxTagger(folder).tag(SENTENCES))
    for most in (1, 3, 10_000):
        tagger = OnnxTagger(folder)
        tagger._forms._most = most
        for _ in range(3):
            assert list(tagger.tag(SENTENCES)) == close(expected)
            assert len(tagger._forms._known) <= most
    assert tagger._forms._known.keys() == {word for words in SENTENCES for word in words}


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


@pytest.fixture(scope="module")
def words_of_folder(folder):
    return _Words(folder / "vocabulary.json", TOKENIZER.max_word_length)


@settings(max_examples=50)
@given(words=st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_words_have_the_ids_of_the_tokenizer(words_of_folder, words):
    words = [*words, "1,000.5", "BANK", "−3", "x" * 80]
    inputs, distinct = words_of_folder.encode([words, ["Ann"]])
    char_ids = words_of_folder.characters(distinct)
    expected = TOKENIZER.encode_words([words, ["Ann"]]).batch([0, 1])

    for name in ("input_ids", "attention_mask"):
        assert inputs[name].tolist() == expected[name].tolist()
    forms = [char_ids[row].tolist() for row in inputs["char_index"][0]]
    assert forms == expected["char_ids"][expected["char_index"][0]].tolist()


def test_symbols_are_as_many_as_the_tokenizer_has():
    assert {"words": len(WORD_SYMBOLS), "characters": len(CHARACTER_SYMBOLS)} == NUM_SYMBOLS


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


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("tagger.json", {"version": 2}, r"tagger\.json: should be of format 'hf_sluice\.onnx_tagger', version 1, not"),
        ("tagger.json", {"tasks": [{"name": "pos", "labels": "NV"}]}, "tasks should be a list of objects with a name"),
        ("tagger.json", {"max_word_length": True}, "max_word_length should be a whole number of at least 2, not True"),
        ("tagger.json", {"tasks": [{"name": "n", "labels": ["A"], "transitions": {}}]}, r"numbers of shape \(1, 1\)"),
        ("vocabulary.json", {"words": None}, r"vocabulary\.json: words should be a list of texts"),
    ],
)  # fmt: skip
def test_damaged_files_are_named(folder, tmp_path, file, change, message):
    for name in ("tagger.json", "vocabulary.json"):
        values = json.loads((folder / name).read_text(encoding="utf-8"))
        (tmp_path / name).write_text(json.dumps(values | (change if name == file else {})), encoding="utf-8")

    with pytest.raises(ValueError, match=message):
        OnnxTagger(tmp_path)


def test_missing_files_are_named(folder, tmp_path):
    with pytest.raises(ValueError, match=r"tagger\.json: cannot be read \(No such file"):
        OnnxTagger(tmp_path)
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "characters.onnx").unlink()
    with pytest.raises(ValueError, match=r"characters\.onnx: there is no such graph"):
        OnnxTagger(tmp_path / "copy")
    with pytest.raises(ValueError, match=r"model_int8\.onnx: there is no such graph"):
        OnnxTagger(folder, graph="model_int8.onnx")
    (tmp_path / "tagger.json").write_text("[1]")
    with pytest.raises(ValueError, match="an object is expected, not list"):
        OnnxTagger(tmp_path)
