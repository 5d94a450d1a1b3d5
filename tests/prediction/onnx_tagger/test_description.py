from __future__ import annotations

import json

import pytest

from hf_sluice.prediction.onnx_tagger.description import FORMAT, VERSION, read_description

WHOLE = {
    "format": FORMAT,
    "version": VERSION,
    "max_word_length": 2,
    "tasks": [{"name": "pos", "labels": ["N"]}, {"name": "t"}],
}


def test_a_whole_one_is_read(tmp_path):
    (tmp_path / "tagger.json").write_text(json.dumps(WHOLE))
    assert read_description(tmp_path / "tagger.json") == WHOLE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, r"tagger\.json: should be of format 'hf_sluice\.onnx_tagger', version 1, not .* version 2"),
        ({"format": None}, "should be of format"),
        ({"tasks": []}, "tasks should be a list of objects with a name and a list of labels"),
        ({"tasks": [{"labels": []}]}, "tasks should be a list of objects with a name"),
        ({"tasks": [{"name": "pos", "labels": "NV"}]}, "tasks should be a list of objects with a name"),
        ({"max_word_length": True}, "max_word_length should be a whole number of at least 2, not True"),
        ({"max_word_length": 1}, "max_word_length should be a whole number of at least 2, not 1"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, change, message):
    (tmp_path / "tagger.json").write_text(json.dumps(WHOLE | change))

    with pytest.raises(ValueError, match=message):
        read_description(tmp_path / "tagger.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [("[1]", "an object is expected, not list"), ("{", "damaged, no JSON"), (None, r"cannot be read \(No such file")],
)
def test_what_is_no_object_is_named(tmp_path, text, message):
    if text is not None:
        (tmp_path / "tagger.json").write_text(text)

    with pytest.raises(ValueError, match=rf"tagger\.json: .*{message}"):
        read_description(tmp_path / "tagger.json")
