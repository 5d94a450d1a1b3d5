from __future__ import annotations

import gzip
import io
import lzma
import tarfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.data.domains import DomainRule
from hf_sluice.data.formats.columns import ColumnFormat, Separator, read_columns
from hf_sluice.errors import DataError, UserError

CONLL2003 = ColumnFormat(("token", "pos", "chunk", "ner"), {"ner": "ner", "POS": "pos"})
PAIRS = ColumnFormat(("token", "ner"), {"ner": "ner"})
TABS = replace(PAIRS, separator=Separator.TAB)
TEXT = """-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O

-DOCSTART- (second)

. . O O
"""


def write(tmp_path, text, name="a.conll"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def read(tmp_path, text, form=PAIRS):
    return list(read_columns(write(tmp_path, text), form))


def message(tmp_path, text, form=PAIRS):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text, form)
    shown = str(caught.value)
    assert shown.startswith(str(tmp_path))
    assert "\n" not in shown
    return shown.removeprefix(f"{tmp_path}/")


def test_conll2003(tmp_path):
    first, second = read(tmp_path, TEXT, CONLL2003)
    assert first.tokens == ("EU", "rejects")
    assert first.layers == {"ner": ["B-ORG", "O"], "POS": ["NNP", "VBZ"]}
    assert (first.place.path, first.place.line) == (str(tmp_path / "a.conll"), 3)
    assert (second.tokens, second.place.line) == ((".",), 8)
    assert [first.sent_id, second.sent_id] == ["a.conll-1", "a.conll-2"]


def test_the_document_may_tell_the_domain(tmp_path):
    form = replace(CONLL2003, domain=DomainRule(source="document", pattern=r"(\w+)"))
    assert [s.domain for s in read(tmp_path, TEXT, form)] == ["X", "second"]


def test_the_file_name_may_tell_the_domain(tmp_path):
    form = replace(CONLL2003, domain=DomainRule(source="file", pattern=r"(\w)\.conll$"))
    assert [s.domain for s in read(tmp_path, TEXT, form)] == ["a", "a"]


def test_a_document_line_ends_a_sentence(tmp_path):
    assert [s.tokens for s in read(tmp_path, "a O\n-DOCSTART- O\nb O\n")] == [("a",), ("b",)]


def test_document_lines_are_words_where_the_form_says_so(tmp_path):
    form = replace(CONLL2003, document_start=None)
    assert read(tmp_path, "-DOCSTART- -X- -X- O\n", form)[0].tokens == ("-DOCSTART-",)


def test_packed_files_give_the_same_sentences(tmp_path):
    def content(sentences):
        return [(s.tokens, s.layers, s.place.line) for s in sentences]

    plain = content(read(tmp_path, TEXT, CONLL2003))
    raw = TEXT.encode()
    (tmp_path / "a.gz").write_bytes(gzip.compress(raw))
    (tmp_path / "a.xz").write_bytes(lzma.compress(raw))
    with tarfile.open(tmp_path / "a.tar.xz", "w:xz") as tar:
        for name in ("d/one.conll", "d/readme.txt", "d/two.conll"):
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    assert content(read_columns(tmp_path / "a.gz", CONLL2003)) == plain
    assert content(read_columns(tmp_path / "a.xz", CONLL2003)) == plain
    packed = list(read_columns(tmp_path / "a.tar.xz", CONLL2003, suffix=".conll"))
    assert content(packed) == plain * 2
    assert packed[2].place.path == f"{tmp_path}/a.tar.xz!d/two.conll"


cells = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r"), min_size=1, max_size=4).filter(
    lambda text: text.strip() and not text.startswith(("-DOCSTART-", "\ufeff"))
)
tables = st.lists(st.lists(st.tuples(cells, cells), min_size=1, max_size=4), min_size=1, max_size=4)


@given(table=tables)
def test_tables_with_tabs_come_back_as_written(tmp_path_factory, table):
    text = "".join("".join(f"{token}\t{label}\n" for token, label in rows) + "\n" for rows in table)
    read_back = read(tmp_path_factory.mktemp("columns"), text, TABS)
    assert [list(zip(s.tokens, s.layers["ner"], strict=True)) for s in read_back] == table


@given(table=tables, gap=st.sampled_from([" ", "\t", "  \t "]), end=st.sampled_from(["\n", " \n", "\r\n", "\t\n"]))
def test_tables_with_any_white_space_come_back_as_written(tmp_path_factory, table, gap, end):
    def fits(cell):
        return " " not in cell

    table = [kept for rows in table if (kept := [row for row in rows if all(map(fits, row))])]
    if not table:
        return
    text = "\n".join("".join(f"{token}{gap}{label}{end}" for token, label in rows) for rows in table)
    read_back = read(tmp_path_factory.mktemp("columns"), text, PAIRS)
    assert [list(zip(s.tokens, s.layers["ner"], strict=True)) for s in read_back] == table


def test_lines_of_white_space_end_sentences_however_many(tmp_path):
    assert [s.tokens for s in read(tmp_path, "\n\na\tO\n\t\n \n\nb\tO", TABS)] == [("a",), ("b",)]


def test_comments_are_words_unless_a_prefix_is_said(tmp_path):
    text = "# sent_id = x\n# note\na O\n# genre = web\n# O\n\nb O\n"
    assert "ragged line: 4 columns instead of 2 (token, ner)" in message(tmp_path, text)
    form = replace(PAIRS, comment_prefix="# ", domain=DomainRule(source="genre", pattern="(.+)"))
    with pytest.raises(DataError, match=r"a\.conll:7: domain: there is no 'genre'"):
        read(tmp_path, text, form)
    first, second = read(tmp_path, text, replace(form, domain=None))
    assert (first.sent_id, first.tokens, second.sent_id) == ("x", ("a",), "a.conll-2")
    assert read(tmp_path, "# genre = web\na O\n", form)[0].domain == "web"


def test_numbers(tmp_path):
    form = replace(PAIRS, numeric=frozenset({"ner"}), missing="_", comment_prefix="#")
    assert read(tmp_path, "a 1\nb _\nc -2.5e1\n", form)[0].layers == {"ner": [1.0, None, -25.0]}
    assert message(tmp_path, "a 1\n# x\nb two\n", form) == "a.conll:3: task 'ner': 'two' is not a number"


def test_words_that_are_not_annotated(tmp_path):
    assert read(tmp_path, "_ _\nb O\n", replace(PAIRS, missing="_"))[0].layers == {"ner": [None, "O"]}
    sentence = read(tmp_path, "a\t\nb\tO\n", replace(TABS, missing=""))[0]
    assert (sentence.tokens, sentence.layers) == (("a", "b"), {"ner": [None, "O"]})


def test_empty_words(tmp_path):
    text = "a\tO\n\tB-X\n"
    assert message(tmp_path, text, TABS) == "a.conll:2: column 'token' is empty"
    assert message(tmp_path, text, replace(TABS, missing="")) == "a.conll:2: column 'token' is empty"
    assert read(tmp_path, text, replace(TABS, empty_word="?"))[0].tokens == ("a", "?")


def test_ragged_lines(tmp_path):
    assert message(tmp_path, "a O\nb\n") == "a.conll:2: ragged line: 1 columns instead of 2 (token, ner)"
    assert message(tmp_path, "a O O\n") == "a.conll:1: ragged line: 3 columns instead of 2 (token, ner)"
    assert message(tmp_path, "a O\n", TABS) == "a.conll:1: ragged line: 1 columns instead of 2 (token, ner)"
    assert message(tmp_path, "a\tO\nb\t\n", TABS) == "a.conll:2: column 'ner' is empty"


def test_sentences_without_words(tmp_path):
    form = replace(PAIRS, comment_prefix="#")
    assert message(tmp_path, "a O\n\n# sent_id = x\n\nb O\n", form) == "a.conll:4: sentence 'x' has no words"
    assert len(read(tmp_path, "# a head of the file\n\nb O\n", form)) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "-DOCSTART- O\n\n"])
def test_files_without_sentences(tmp_path, text):
    assert message(tmp_path, text).startswith("a.conll: no sentences")


def test_columns_that_are_not_there():
    with pytest.raises(UserError, match="no column 'tag' for task 'ner'; there is token, ner"):
        ColumnFormat(("token", "ner"), {"ner": "tag"})
    with pytest.raises(UserError, match="no column 'form' for the word; there is token, ner"):
        ColumnFormat(("token", "ner"), {"ner": "ner"}, word="form")
    with pytest.raises(UserError, match="'token' stands twice"):
        ColumnFormat(("token", "token"), {})


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "sentences", "words", "mentions"),
    [
        ("wnut17/wnut17train.conll.xz", 3394, 62730, 1975),
        ("wnut17/emerging.dev.conll.xz", 1009, 15733, 836),
        ("wnut17/emerging.test.annotated.xz", 1287, 23394, 1079),
        ("broad-twitter/a.conll.xz", 1000, 16612, 521),
        ("broad-twitter/btc.dev.xz", 1001, 15027, 1730),
        ("broad-twitter/btc.test.xz", 2001, 35428, 4376),
    ],
)
def test_counts_of_published_files(data_root, name, sentences, words, mentions):
    read_back = list(read_columns(data_root / name, replace(TABS, empty_word="_")))
    assert len(read_back) == sentences
    assert sum(len(s.tokens) for s in read_back) == words
    assert sum(label.startswith("B-") for s in read_back for label in s.layers["ner"]) == mentions
