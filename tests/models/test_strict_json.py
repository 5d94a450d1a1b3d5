import json

import numpy as np
import pytest

from hf_sluice.models.strict_json import (
    check_array,
    check_choice,
    check_count,
    check_fields,
    check_kind,
    check_text,
    read_strict_json,
    shown,
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[1]", r"should hold an object, not \[1\]"),
        (b"{", r"is no JSON \("),
        (b'{"a": "\xff"}', r"is no JSON \(not UTF-8\)"),
        (b'{"a": 1, "a": 2}', "a name stands twice in one object"),
        (b'{"b": {"a": 1, "a": 2}}', "a name stands twice in one object"),
        (b'{"a": NaN}', "holds NaN, which is no number"),
        (b'{"a": [-Infinity]}', "holds -Infinity, which is no number"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is nested too deeply"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "digits"),
        (b" " * 2_000_001, "has 2,000,001 bytes; at most 2,000,000 are read"),
    ],
)
def test_what_is_no_plain_object_is_refused(tmp_path, content, message):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        read_strict_json(tmp_path / "a.json", 2_000_000)
    assert "\n" not in str(caught.value)


def test_an_object_is_read(tmp_path):
    (tmp_path / "a.json").write_text('{"α": [1, 2.5, null, true, {"b": "c"}]}', encoding="utf-8")
    assert read_strict_json(tmp_path / "a.json", 100) == {"α": [1, 2.5, None, True, {"b": "c"}]}
    with pytest.raises(ValueError, match=r"cannot be read \(No such file"):
        read_strict_json(tmp_path / "b.json", 100)


def test_fields_are_those_that_are_known():
    check_fields({"b": 1, "a": 2}, ["a", "b"])
    with pytest.raises(ValueError, match=r"^the field b is missing$"):
        check_fields({"a": 1}, ["a", "b"])
    with pytest.raises(ValueError, match=r"^'c' is no field of it; known are a, b$"):
        check_fields({"a": 1, "b": 1, "c": 1}, ["a", "b"])


@pytest.mark.parametrize(
    ("check", "arguments", "wrong"),
    [
        (check_kind, (int,), [True, 1.0, "1", None]),
        (check_kind, (float,), [True, "1", None]),
        (check_kind, (str,), [1, None, ["a"]]),
        (check_kind, (list,), [{}, "a"]),
        (check_count, (), [0, -1, True, 1.0, "1"]),
        (check_text, (3,), ["", "abcd", "\ud800", 1, None]),
        (check_choice, (("a", "b"),), ["c", 1, ["a"], None]),
        (check_array, ((2,),), [[1], [1, 2, 3], [1, [2]], [1, "2"], [1, None], [1, True], "ab", {"0": 1, "1": 2}]),
        (check_array, ((2,),), [[1, 1e39], [1, 10**400], [1, float("inf")], [1, float("nan")]]),
        (check_array, ((1, 2),), [[1, 2], [[1, 2], [1, 2]], [[[1, 2]]]]),
    ],
)
def test_values_of_another_kind_are_refused(check, arguments, wrong):
    for value in wrong:
        with pytest.raises(ValueError, match=r"^place|^an entry of place") as caught:
            check("place", value, *arguments)
        assert "\n" not in str(caught.value)


def test_arrays_are_float32_of_the_shape():
    array = check_array("place", [[0, 0.1, -2], [1, 2, 3]], (2, 3))
    assert array.dtype == np.float32
    assert array.tolist() == [[0, np.float32(0.1), -2], [1, 2, 3]]
    assert check_array("place", [[], []], (2, 0)).shape == (2, 0)


def test_whatever_is_shown_is_short_and_on_one_line():
    assert shown("a\n\x1b[31mb") == r"'a\n\x1b[31mb'"
    assert shown("ä") == r"'\xe4'"
    assert len(shown(json.dumps(list(range(1000))))) == 61
