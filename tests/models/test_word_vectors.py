from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.word_vectors import load_word_vectors


def write(path, lines: list[str], *, header: str | None = None):
    """Writes lines as GloVe does, with word2vec's first line where one is given; gzipped where the name says so."""
    data = "".join(f"{line}\n" for line in ([header] if header else []) + lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def vector_line(word: str, vector) -> str:
    return " ".join([word, *map(repr, map(float, vector))])


words = st.text(st.sampled_from("abAB.\x85\xa0\u2028É"), min_size=1, max_size=4)
spaced_words = st.lists(words, min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize("name", ["vectors.txt", "vectors.txt.gz"])
@pytest.mark.parametrize("with_header", [False, True])
@given(data=st.data())
def test_every_word_gets_its_vector(tmp_path_factory, name, with_header, data):
    stored = data.draw(
        st.lists(spaced_words.filter(lambda word: word == word.strip()), min_size=1, max_size=6, unique=True)
    )
    vectors = np.random.default_rng(0).normal(size=(len(stored), 3)).astype(np.float32)
    lines = [vector_line(word, vector) for word, vector in zip(stored, vectors, strict=True)]
    path = write(tmp_path_factory.mktemp("v") / name, lines, header=f"{len(stored)} 3" if with_header else None)
    matrix, found = load_word_vectors(path, {word: i for i, word in enumerate(stored)}, 3)
    assert found.all()
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, vectors)


def test_words_that_are_not_there_stay_zero(tmp_path):
    path = write(tmp_path / "v.txt", ["b 1 2", "c 3 4"])
    matrix, found = load_word_vectors(str(path), {"[PAD]": 0, "a": 1, "b": 4}, 2)
    assert found.tolist() == [False, False, False, False, True]
    assert matrix.tolist() == [[0, 0]] * 4 + [[1, 2]]


def test_an_empty_vocabulary_takes_nothing(tmp_path):
    matrix, found = load_word_vectors(write(tmp_path / "v.txt", ["b 1 2"]), {}, 2)
    assert matrix.shape == (0, 2)
    assert found.shape == (0,)


@pytest.mark.parametrize(
    ("lines", "vocabulary", "expected"),
    [
        (["London 1", "london 2"], ["london"], [2]),  # its own spelling, though it stands later
        (["london 2", "London 1"], ["london"], [2]),
        (["London 1", "LONDON 2"], ["london"], [1]),  # else the first that is the same in lower case
        (["london 1"], ["London"], [1]),
        (["us 1", "US 2"], ["us", "US", "Us"], [1, 2, 1]),
        (["a 1", "a 2"], ["a"], [1]),
        (["A 1", "a 2", "a 3"], ["a"], [2]),
    ],
)
def test_exact_spelling_first_then_lower_case(tmp_path, lines, vocabulary, expected):
    path = write(tmp_path / "v.txt", lines)
    matrix, found = load_word_vectors(path, {word: i for i, word in enumerate(vocabulary)}, 1)
    assert found.all()
    assert matrix[:, 0].tolist() == expected


def test_words_with_spaces_do_not_hide_their_first_word(tmp_path):
    path = write(tmp_path / "v.txt", [". . . 1.5 2.5", "at name@x.org 3.5 4.5", ". 5.5 6.5", "at 7.5 8.5"])
    matrix, _ = load_word_vectors(path, {".": 0, "at": 1, ". . .": 2}, 2)
    assert matrix.tolist() == [[5.5, 6.5], [7.5, 8.5], [1.5, 2.5]]


def test_spaces_and_carriage_returns_at_line_ends_are_no_values(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(b"2 2\r\na 1 2 \r\nb 3 4")
    assert load_word_vectors(path, {"a": 0, "b": 1}, 2)[0].tolist() == [[1, 2], [3, 4]]


def test_a_number_is_no_header_where_vectors_have_one_value(tmp_path):
    path = write(tmp_path / "v.txt", ["1990 7", "b 2"])
    assert load_word_vectors(path, {"1990": 0, "b": 1}, 1)[0].tolist() == [[7], [2]]


def test_vectors_of_other_words_are_not_parsed(tmp_path):
    path = write(tmp_path / "v.txt", ["other x y", "a 1 2"])
    assert load_word_vectors(path, {"a": 0}, 2)[1].all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a 1 2\n", ":1: the line has 2 values, expected 3"),
        (b"a 1 2 3\nother 1 2\n", ":2: the line has 2 values, expected 3"),
        (b"a 1 2 3\nother 0.1 0.2 0.3 0.4\n", ":2: the line has 4 values, expected 3"),
        (b"a 1 2 3\n\n", ":2: the line has 0 values, expected 3"),
        (b"100 50\na 1 2 3\n", ":1: the file holds vectors of 50 values, expected 3"),
        (b"2 3\nother 1 2 3\na 1 x 3\n", ":3: could not convert string to float: b'x'"),
        (b"a 1 nan 3\n", ":1: a value is not finite"),
        (b"b 1 2 3\n\xe9t\xe9 1 2 3\n", ":2: the word is not UTF-8"),
        (b"", ": the file is empty; each line should have a word and 3 values"),
    ],
)
def test_faults_are_named_by_file_and_line(tmp_path, content, message):
    path = tmp_path / "v.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"v\.txt") as caught:
        load_word_vectors(path, {"a": 0}, 3)
    assert str(caught.value) == f"{path}{message}"


def test_there_is_no_such_file(tmp_path):
    with pytest.raises(ValueError, match=r"v\.txt: there is no such file of word vectors"):
        load_word_vectors(tmp_path / "v.txt", {"a": 0}, 3)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-12], lambda data: b"no gzip " + data, lambda data: data[:10] + b"\xff" * 50]
)
def test_a_damaged_gzip_file_is_named(tmp_path, damage):
    path = write(tmp_path / "v.txt.gz", [f"w{i} 1 2 3" for i in range(500)])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"v\.txt\.gz: the gzip file is damaged") as caught:
        load_word_vectors(path, {"a": 0}, 3)
    assert "\n" not in str(caught.value)
