from __future__ import annotations

import lzma
from collections import Counter

import pytest

from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.errors import DataError

TEXT = """# newdoc id = web-1
# sent_id = web-1-1
# text = don't
# translit
1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tdo\tdo\tAUX\tVBP\tMood=Ind\t0\troot\t0:root\tSpaceAfter=No
2\tn't\tnot\tPART\tRB\t_\t1\tadvmod\t1:advmod\t_
2.1\tgo\tgo\tVERB\t_\t_\t_\t_\t1:x\t_

# text = a = b
1\t_\t_\tPUNCT\t:\t_\t_\t_\t_\t_
"""


def row(number, head="_", columns=10):
    return "\t".join([str(number), *("w" * (columns - 1))][:6] + [str(head), "d", "_", "_"][: columns - 6])


def write(tmp_path, text, name="a.conllu"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def message(tmp_path, text):
    with pytest.raises(DataError) as caught:
        list(read_conllu(write(tmp_path, text)))
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{tmp_path}/")


def test_words_metadata_and_places(tmp_path):
    first, second = read_conllu(write(tmp_path, TEXT))
    assert [word.form for word in first.words] == ["do", "n't"]
    assert [word.head for word in first.words] == [0, 1]
    word = first.words[0]
    assert (word.lemma, word.upos, word.xpos, word.feats) == ("do", "AUX", "VBP", "Mood=Ind")
    assert (word.deprel, word.deps, word.misc, word.line) == ("root", "0:root", "SpaceAfter=No", 6)
    assert first.metadata == {"newdoc id": "web-1", "sent_id": "web-1-1", "text": "don't", "translit": ""}
    assert (first.place.path, first.place.line) == (str(tmp_path / "a.conllu"), 6)
    assert (second.metadata, second.words[0].head) == ({"text": "a = b"}, None)
    assert (first.sent_id, second.sent_id) == ("web-1-1", "a.conllu-2")


def test_document_metadata_lasts_until_the_next_document(tmp_path):
    text = "\n".join(f"{head}{row(1)}\n" for head in ["", "# newdoc id = x\n# genre = web\n", "", "# newdoc\n", ""])
    documents = [sentence.document for sentence in read_conllu(write(tmp_path, text))]
    assert documents == [{}, *[{"newdoc id": "x", "genre": "web"}] * 2, *[{"newdoc": ""}] * 2]


def test_packed_files_give_the_same_sentences(tmp_path):
    plain = list(read_conllu(write(tmp_path, TEXT)))
    (tmp_path / "a.conllu.xz").write_bytes(lzma.compress(TEXT.encode()))
    packed = list(read_conllu(tmp_path / "a.conllu.xz"))
    assert [s.words for s in packed] == [s.words for s in plain]
    assert [s.metadata for s in packed] == [s.metadata for s in plain]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (row(1, columns=9), "1: ragged line: 9 columns, separated by tabs, instead of 10"),
        (row(1) + "\t_", "1: ragged line: 11 columns, separated by tabs, instead of 10"),
        (row(1).replace("\tw", "\t", 1), "1: column FORM is empty; '_' stands for nothing"),
        (row(1) + "\n" + row(3), "2: ID '3' is out of sequence; the next word is 2"),
        (row(1) + "\n" + row(1), "2: ID '1' is out of sequence; the next word is 2"),
        (row(0), "1: ID '0' is no word number, range (3-4) or empty node (5.1)"),
        (row("x"), "1: ID 'x' is no word number, range (3-4) or empty node (5.1)"),
        (row("2-3"), "1: ID '2-3' is out of sequence; the next word is 1"),
        (row("1-1"), "1: ID '1-1' is a range that does not grow"),
        (row("1.1"), "1: ID '1.1' is out of sequence; the next word is 1"),
        (row(1, 3) + "\n" + row(2, 1), "1: HEAD 3 of word 1 is not another of 2 words, or 0"),
        (row(1, 0) + "\n" + row(2, 2), "2: HEAD 2 of word 2 is not another of 2 words, or 0"),
        (row(1, -1), "1: HEAD '-1' is not a word number"),
        (row(1) + "\n# text = x", "2: a comment between words; comments stand before the first word of a sentence"),
        (row(1) + "\n\n# sent_id = x\n\n" + row(1), "4: sentence 'x' has no words"),
        ("# sent_id = x\n1-2" + row(1)[1:] + "\n\n", "3: sentence 'x' has no words"),
    ],
)
def test_malformed_lines(tmp_path, text, expected):
    assert message(tmp_path, text) == f"a.conllu:{expected}"


def test_an_empty_file(tmp_path):
    assert message(tmp_path, "\n") == "a.conllu: no sentences; CoNLL-U is expected"


@pytest.mark.real_data
def test_english_web_treebank(data_root):
    sentences, words, split_counts = Counter(), Counter(), []
    for split in ("train", "dev", "test"):
        before = sentences.total()
        for sentence in read_conllu(data_root / f"ewt-ud/en_ewt-ud-{split}.conllu.xz"):
            genre = sentence.sent_id.split("-", 1)[0]
            sentences[genre] += 1
            words[genre] += len(sentence.words)
        split_counts.append(sentences.total() - before)
    assert split_counts == [12_544, 2_001, 2_077]
    assert sentences == {"weblog": 2030, "newsgroup": 2391, "email": 4899, "reviews": 3814, "answers": 3488}
    assert words == {"weblog": 44_382, "newsgroup": 43_044, "email": 57_805, "reviews": 55_588, "answers": 53_999}
    assert (sentences.total(), words.total()) == (16_622, 254_818)


@pytest.mark.real_data
def test_gum_is_read_out_of_its_archive(data_root):
    sentences = words = 0
    documents = set()
    for sentence in read_conllu(data_root / "gum/dep.tar.xz"):
        sentences += 1
        words += len(sentence.words)
        documents.add(sentence.document["newdoc id"])
    assert (sentences, words, len(documents)) == (9_039, 159_933, 162)
