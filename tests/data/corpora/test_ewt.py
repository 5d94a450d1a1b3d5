from __future__ import annotations

import lzma
import tarfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.data.formats.propbank import read_skeletons
from hf_sluice.data.load import load_corpus
from hf_sluice.data.srl import head_words
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

FOUR = ("pos", "chunk", "ner", "srl")

# Four sentences a split: "joined" has all layers, "renamed" other words in the names, "longer" other words in PropBank,
# "alone" neither.
WORDS = (("Ann", "PROPN", "NNP", 2), ("saw", "VERB", "VBD", 0), ("her", "PRON", "PRP$", 4), ("dog", "NOUN", "NN", 2))
SKELETON = (
    ("NNP", "(TOP(S(NP*)", "-", "-", "(ARG0*)"),
    ("VBD", "(VP*", "see", "see.01", "(V*)"),
    ("PRP$", "(NP*", "-", "-", "(ARG1*"),
    ("NN", "*))))", "-", "-", "*)"),
)
KINDS = ("joined", "renamed", "longer", "alone")


def conllu(genre: str) -> str:
    rows = []
    for number, _ in enumerate(KINDS, start=1):
        rows.append(f"# sent_id = {genre}-doc-{number:04d}")
        for i, (form, upos, xpos, head) in enumerate(WORDS, start=1):
            rows.append(f"{i}\t{form}\t_\t{upos}\t{xpos}\t_\t{head}\tdep\t_\t_")
        rows.append("")
    return "\n".join(rows) + "\n"


def iob2(genre: str, labels: tuple[str, ...]) -> str:
    rows = []
    for number, kind in enumerate(KINDS, start=1):
        if kind == "alone":
            continue
        rows.append(f"# sent_id = {genre}-doc-{number:04d}")
        for i, ((form, *_), label) in enumerate(zip(WORDS, labels, strict=True), start=1):
            rows.append(f"{i}\t{'Anne' if kind == 'renamed' and i == 1 else form}\t{label}\t-\tx")
        rows.append("")
    return "\n".join(rows) + "\n"


def skeleton(genre: str) -> str:
    rows = []
    for number, kind in enumerate(KINDS):
        if kind == "alone":
            continue
        cells = SKELETON
        if kind == "longer":
            cells = (*SKELETON[:3], ("NN", "*", "-", "-", "*"), SKELETON[3])
        for i, (tag, *rest) in enumerate(cells):
            rows.append(f"google/ewt/{genre}/00/doc.xml {number} {i} [WORD] {tag} " + " ".join(rest))
        rows.append("")
    return "\n".join(rows) + "\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("ewt-ud", "ewt-uner", "propbank", "source"):
        (tmp_path / folder).mkdir()
    with tarfile.open(tmp_path / "propbank" / "ewt-gold_skel.tar.xz", "w:xz") as tar:
        for split, genre in (("train", "weblog"), ("dev", "email"), ("test", "answers")):
            with lzma.open(tmp_path / "ewt-ud" / f"en_ewt-ud-{split}.conllu.xz", "wt", encoding="utf-8") as file:
                file.write(conllu(genre))
            path = tmp_path / "source" / f"{genre}.gold_skel"
            path.write_text(skeleton(genre), encoding="utf-8")
            tar.add(path, arcname=f"data/{genre}.gold_skel")
            first_revision = split == "train"
            name = f"en_ewt-ud-{split}{'.0c7ce0d' if first_revision else ''}.iob2"
            labels = ("B-PER", "O", "B-OTH", "B-O") if first_revision else ("B-PER", "O", "B-LOC", "I-LOC")
            (tmp_path / "ewt-uner" / name).write_text(iob2(genre, labels), encoding="utf-8")
    return tmp_path


def labels(corpus: TaggingCorpus, split: str, task: str, row: int = 0) -> list[str | None] | None:
    names = corpus[split].features[task].feature.names
    ids = corpus[split][row][task]
    return None if ids is None else [None if i is None else names[i] for i in ids]


def test_the_joined_sentences_carry_all_layers(root: Path):
    corpus = load_corpus("ewt", root=root)
    assert {split: data["sent_id"][:] for split, data in corpus.items()} == {
        "train": ["weblog-doc-0001"],
        "validation": ["email-doc-0001"],
        "test": ["answers-doc-0001"],
    }
    assert corpus["train"][0]["tokens"] == ["Ann", "saw", "her", "dog"]
    assert labels(corpus, "train", "pos") == ["NNP", "VBD", "PRP$", "NN"]
    assert labels(corpus, "train", "upos") == ["PROPN", "VERB", "PRON", "NOUN"]
    assert labels(corpus, "train", "chunk") == ["B-NP", "B-VP", "B-NP", "I-NP"]
    assert labels(corpus, "train", "srl") == ["ARG0", "V", "O", "ARG1"]
    assert corpus.domains == ("answers", "email", "weblog")


def test_the_quirks_of_the_first_revision_of_the_names(root: Path):
    corpus = load_corpus("ewt", root=root, tasks=["ner"])
    assert labels(corpus, "train", "ner") == ["B-PER", "O", "O", None]
    assert labels(corpus, "validation", "ner") == ["B-PER", "O", "B-LOC", "I-LOC"]
    assert any("2 words of the first revision" in note for note in corpus.notes)


def test_the_current_revision_is_preferred(root: Path):
    (root / "ewt-uner" / "en_ewt-ud-train.iob2").write_text(iob2("weblog", ("O",) * 4), encoding="utf-8")
    assert labels(load_corpus("ewt", root=root, tasks=["ner"]), "train", "ner") == ["O"] * 4


@pytest.mark.parametrize(
    ("tasks", "kept"),
    [(["pos"], "1234"), (["ner"], "13"), (["chunk"], "12"), (["pos", "srl"], "12"), (["ner", "srl"], "1")],
)
def test_only_the_sentences_with_the_layers_asked_for(root: Path, tasks: list[str], kept: str):
    corpus = load_corpus("ewt", root=root, tasks=tasks)
    assert "".join(sent_id[-1] for sent_id in corpus["train"]["sent_id"]) == kept
    assert [task.name for task in corpus.tasks] == tasks
    assert any(f"{3 * len(kept)} of 12" in note and "left out" in note for note in corpus.notes)


def test_incomplete_sentences_can_be_kept(root: Path):
    corpus = load_corpus("ewt", root=root, tasks=FOUR, incomplete="keep")
    assert len(corpus["test"]) == 4
    missing = [[task for task in FOUR if labels(corpus, "test", task, row) is None] for row in range(4)]
    assert missing == [[], ["ner"], ["chunk", "srl"], ["chunk", "ner", "srl"]]


def test_the_share_of_every_layer_is_noted(root: Path):
    notes = "\n".join(load_corpus("ewt", root=root, tasks=FOUR).notes)
    for line in ("pos: aligned with 12 of 12", "chunk: aligned with 6 of 12", "ner: aligned with 6 of 12"):
        assert line in notes


def test_layers_that_are_not_asked_for_are_not_read(root: Path):
    (root / "propbank" / "ewt-gold_skel.tar.xz").unlink()
    assert len(load_corpus("ewt", root=root, tasks=["pos", "ner"])["train"]) == 2
    with pytest.raises(DataError, match="no such file"):
        load_corpus("ewt", root=root, tasks=["chunk"])


def test_bad_options_and_missing_files_are_named(root: Path):
    with pytest.raises(UserError, match="incomplete: 'x'"):
        load_corpus("ewt", root=root, incomplete="x")
    with pytest.raises(UserError, match="no task 'mwe'"):
        load_corpus("ewt", root=root, tasks=["mwe"])
    (root / "ewt-ud" / "en_ewt-ud-dev.conllu.xz").unlink()
    with pytest.raises(DataError, match=r"en_ewt-ud-dev\.conllu"):
        load_corpus("ewt", root=root, tasks=["pos"])


def test_a_foreign_document_is_an_error(root: Path):
    path = root / "source" / "masc.gold_skel"
    path.write_text(skeleton("weblog").replace("google/ewt", "oanc/masc"), encoding="utf-8")
    with tarfile.open(root / "propbank" / "ewt-gold_skel.tar.xz", "w:xz") as tar:
        tar.add(path, arcname="data/masc.gold_skel")
    with pytest.raises(DataError, match="none of the English Web Treebank"):
        load_corpus("ewt", root=root, tasks=["chunk"])


@pytest.fixture(scope="module")
def published(data_root: Path) -> TaggingCorpus:
    return load_corpus("ewt", root=data_root, tasks=FOUR)


@pytest.mark.real_data
def test_published_corpus_has_the_documented_sentences(published: TaggingCorpus):
    assert {split: len(data) for split, data in published.items()} == {
        "train": 12_523,
        "validation": 1_967,
        "test": 2_058,
    }
    assert published.domains == ("answers", "email", "newsgroup", "reviews", "weblog")
    assert "16,548 of 16,622 (99.55 %)" in " ".join(published.notes)
    for aligned in ("chunk: aligned with 16,550", "ner: aligned with 16,601", "srl: aligned with 16,550"):
        assert aligned in " ".join(published.notes)


@pytest.mark.real_data
def test_published_label_sets(published: TaggingCorpus):
    sizes = {task.name: len(task.labels) for task in published.tasks}
    assert sizes == {"pos": 49, "chunk": 21, "ner": 7, "srl": 59}
    assert {label[2:] for label in published.tasks[2].labels} == {"", "PER", "LOC", "ORG"}


@pytest.mark.real_data
def test_published_names_are_as_counted(data_root: Path):
    corpus = load_corpus("ewt", root=data_root, tasks=["ner"])
    counts = {
        split: Counter(names[i] for row in data["ner"] for i in row if i is not None)
        for split, data in corpus.items()
        for names in [data.features["ner"].feature.names]
    }
    # The tables count all sentences of Universal NER; 20 of them have other words in Universal Dependencies.
    for split, table in {
        "train": {"B-PER": 2_873, "B-LOC": 2_698, "B-ORG": 1_434},
        "validation": {"B-PER": 343, "B-LOC": 399, "B-ORG": 224},
        "test": {"B-PER": 449, "B-LOC": 317, "B-ORG": 322},
    }.items():
        for label, expected in table.items():
            assert expected - 10 <= counts[split][label] <= expected


def propositions(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The sentences of the Universal Propositions, which mark head words."""
    sent_id, rows = "", []
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("# sent_id"):
                sent_id = line.split("=")[1].strip()
            elif line.strip() and not line.startswith("#"):
                rows.append(line.rstrip("\n").split("\t"))
            elif rows:
                yield sent_id, [row for row in rows if row[0].isdecimal()]
                rows = []


@pytest.mark.real_data
def test_head_words_agree_with_universal_propositions(data_root: Path):
    skeletons = {
        f"{s.document.split('/')[2]}-{s.document.split('/')[-1].removesuffix('.xml')}-{s.number + 1:04d}": s
        for s in read_skeletons(data_root / "propbank" / "ewt-gold_skel.tar.xz")
    }
    agreed: Counter[str] = Counter()
    for split in ("dev", "test"):
        words = {s.sent_id: s.words for s in read_conllu(data_root / "ewt-ud" / f"en_ewt-ud-{split}.conllu.xz")}
        for sent_id, rows in propositions(data_root / "ewt-up" / f"en_ewt-up-{split}.conllu.xz"):
            skeleton = skeletons.get(sent_id)
            if skeleton is None or not len(skeleton.tags) == len(rows) == len(words.get(sent_id, ())):
                continue
            agreed["sentences"] += 1
            predicates = [i for i, row in enumerate(rows) if row[10] != "_"]
            gold = {
                (predicate, i, row[11 + column])
                for column, predicate in enumerate(predicates)
                for i, row in enumerate(rows)
                if row[11 + column] not in {"_", "", "V"}
            }
            for name, heads in (
                ("published heads", [int(row[6]) for row in rows]),
                ("present heads", [word.head or 0 for word in words[sent_id]]),
            ):
                marked = {
                    (predicate.index, word, span.label)
                    for predicate in skeleton.predicates
                    for span in predicate.arguments()
                    for word in head_words(span, heads)
                }
                agreed[f"{name}: both"] += len(gold & marked)
                agreed[f"{name}: other"] += len(marked - gold)
            agreed["gold"] += len(gold)
    assert agreed == {
        "sentences": 4_026,
        "gold": 19_092,
        "published heads: both": 19_092,
        "published heads: other": 0,
        "present heads: both": 18_915,
        "present heads: other": 220,
    }
