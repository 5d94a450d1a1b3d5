from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError
from tests.data.corpora.masc_documents import edges, graf, node, pack, region, segments, sentences, spans, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

TEXT = "Ann saw dogs\nOh no\n" * 5  # ten sentences
FORMS = ["Ann", "saw", "dogs", "Oh", "no"] * 5
TAGS = ["NNP", "VBD", "NNS", "UH", "UH"] * 5
STARTS = [19 * i for i in range(5)]
LAYERS = {
    "seg": segments(TEXT, FORMS),
    "penn": tokens(TAGS),
    "s": sentences(*[span for start in STARTS for span in (("s", start, start + 12), ("s", start + 13, start + 18))]),
    "nc": spans(*[("nchunk", [5 * i + j]) for i in range(5) for j in (0, 2)]),
    "vc": spans(*[("vchunk", [5 * i + 1]) for i in range(5)]),
    "ne": spans(*[("person", [5 * i]) for i in range(5)]),
}
TREEBANK = {
    "ptbtok": graf(
        *[region(f"x{i}", *place) for i, place in enumerate(((0, 3), (4, 7), (8, 12)))],
        *[node(f"w{i}", f"x{i}", label="tok", msd=tag) for i, tag in enumerate(TAGS[:3])],
    ),
    "ptb": graf(
        '<roots><root node.id="n0"/></roots>',
        node("n0"),
        *[node(f"n{i}", label=cat, cat=cat) for i, cat in ((9, "S"), (10, "NP"), (11, "VP"), (12, "NP"))],
        edges("n0", "n9"),
        edges("n9", "n10", "n11"),
        edges("n10", "w0"),
        edges("n11", "w1", "n12"),
        edges("n12", "w2"),
    ),
}
SKELETON = """\
a 0 0 [WORD] NNP (TOP(S(NP*) - - (ARG0*)
a 0 1 [WORD] VBD (VP* see see.01 (V*)
a 0 2 [WORD] NNS (NP*)))) - - (ARG1*)
"""


def members(folder: str, name: str, **more: str) -> dict[str, str | bytes]:
    layers = {f"{folder}/{name}-{layer}.xml": xml for layer, xml in (LAYERS | more).items()}
    return layers | {f"{folder}/{name}.txt": TEXT}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("masc", "propbank"):
        (tmp_path / folder).mkdir()
    pack(tmp_path / "propbank" / "masc-gold_skel.tar.xz", {"data/oanc/masc/written/00/a.gold_skel": SKELETON})
    pack(
        tmp_path / "masc" / "written-blog.tar.xz",
        {k: v for name in "abc" for k, v in members("written/blog", name, **TREEBANK).items()},
    )
    pack(tmp_path / "masc" / "spoken-court-transcript.tar.xz", members("spoken/court-transcript", "d"))
    return tmp_path


def ids(corpus: TaggingCorpus) -> dict[str, list[str]]:
    return {split: data["sent_id"][:] for split, data in corpus.items()}


def labels(corpus: TaggingCorpus, sent_id: str, task: str) -> list[str | None] | None:
    data, row = next((data, i) for data in corpus.values() for i, name in enumerate(data["sent_id"]) if name == sent_id)
    names, values = data.features[task].feature.names, data[row][task]
    return None if values is None else [None if value is None else names[value] for value in values]


def test_all_layers_of_a_sentence(root: Path):
    corpus = load_corpus("masc", root=root)
    first = "blog-a-0001"
    assert {task.name: labels(corpus, first, task.name) for task in corpus.tasks} == {
        "pos": ["NNP", "VBD", "NNS"],
        "chunk": ["B-NP", "B-VP", "B-NP"],
        "ner": ["B-person", "O", "O"],
        "gold_pos": ["NNP", "VBD", "NNS"],
        "tree_chunk": ["B-NP", "B-VP", "B-NP"],
        "srl": ["ARG0", "V", "ARG1"],
    }
    assert corpus.domains == ("blog", "court-transcript")


def test_a_sentence_without_a_layer_has_none_there(root: Path):
    corpus = load_corpus("masc", root=root)
    for sent_id in ("blog-a-0002", "court-transcript-d-0001"):
        assert [labels(corpus, sent_id, task) for task in ("gold_pos", "tree_chunk", "srl")] == [None] * 3
    assert labels(corpus, "blog-b-0001", "gold_pos") == ["NNP", "VBD", "NNS"]
    assert labels(corpus, "blog-b-0001", "srl") is None


def test_genres_are_split_by_document_or_within(root: Path):
    found = ids(load_corpus("masc", root=root, tasks=["pos"]))
    by_document = {split: {name[5] for name in names if name.startswith("blog")} for split, names in found.items()}
    assert sorted(map(len, by_document.values())) == [1, 1, 1]
    court = {split: [name[-2:] for name in names if name.startswith("court")] for split, names in found.items()}
    assert court == {"train": ["01", "02", "03", "04", "05", "06", "07", "08"], "validation": ["09"], "test": ["10"]}


def test_the_split_does_not_depend_on_the_tasks(root: Path):
    expected = ids(load_corpus("masc", root=root))
    for tasks in (["pos"], ["ner", "chunk"], ["pos", "srl"]):
        assert ids(load_corpus("masc", root=root, tasks=tasks)) == expected


def test_incomplete_sentences_can_be_left_out(root: Path):
    found = ids(load_corpus("masc", root=root, tasks=["pos", "gold_pos"], incomplete="drop"))
    assert sorted(name for names in found.values() for name in names) == [f"blog-{name}-0001" for name in "abc"]
    assert all(found.values())
    with pytest.raises(UserError, match="incomplete: 'x'"):
        load_corpus("masc", root=root, incomplete="x")


def test_domains_are_genres(root: Path):
    corpus = load_corpus("masc", root=root, tasks=["pos"], domains="court-transcript")
    assert [len(data) for data in corpus.values()] == [8, 1, 1]


def test_layers_that_are_not_asked_for_are_not_parsed(root: Path):
    path = root / "masc" / "spoken-court-transcript.tar.xz"
    pack(path, members("spoken/court-transcript", "d", ne="no XML"))
    (root / "propbank" / "masc-gold_skel.tar.xz").unlink()
    assert len(load_corpus("masc", root=root, tasks=["chunk", "gold_pos"]))
    with pytest.raises(DataError, match=r"\.tar\.xz!spoken/court-transcript/d-ne\.xml:1: no well-formed"):
        load_corpus("masc", root=root, tasks=["ner"])
    with pytest.raises(DataError, match=r"masc-gold_skel\.tar\.xz: no such file"):
        load_corpus("masc", root=root, tasks=["srl"])


def test_notes_tell_what_was_met(root: Path):
    said = "\n".join(load_corpus("masc", root=root).notes)
    for line in (
        "100 of 100 (100.00 %) words of MASC lie in sentences",
        "srl: 1 of 40 (2.50 %) sentences carry the layer",
        "1 of 40 (2.50 %) sentences carry all tasks asked for; the others are kept with None",
    ):
        assert line in said


def test_an_unknown_task_is_named(root: Path):
    with pytest.raises(UserError, match="there is no task 'upos'; it has pos, chunk, ner, gold_pos, tree_chunk, srl"):
        load_corpus("masc", root=root, tasks=["upos"])


@pytest.fixture(scope="module")
def published(data_root: Path) -> TaggingCorpus:
    return load_corpus("masc", root=data_root)


def spans_of(corpus: TaggingCorpus, task: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for data in corpus.values():
        names = data.features[task].feature.names
        counts.update(names[i] for row in data[task] if row is not None for i in row if i is not None)
    return Counter({name: count for name, count in counts.items() if name.startswith("B-")})


@pytest.mark.real_data
@pytest.mark.slow
def test_published_corpus_has_the_counted_sentences(published: TaggingCorpus):
    assert {split: len(data) for split, data in published.items()} == SENTENCES
    words = {split: sum(map(len, data["tokens"])) for split, data in published.items()}
    assert words == {"train": 430_909, "validation": 59_969, "test": 47_936}
    assert len(published.domains) == 19
    for data in published.values():
        assert len(set(data["domain"])) == 19
    said = "\n".join(published.notes)
    assert "538,814 of 562,216 (95.84 %) words of MASC lie in sentences" in said
    assert "2,651 regions of the sentence layer are quotations" in said


@pytest.mark.real_data
@pytest.mark.slow
def test_published_spans_are_as_counted(published: TaggingCorpus):
    assert spans_of(published, "chunk") == {"B-NP": 143_012, "B-VP": 68_034}
    assert spans_of(published, "ner") == {"B-person": 6_400, "B-location": 4_167, "B-org": 3_262, "B-date": 3_081}


@pytest.mark.real_data
@pytest.mark.slow
def test_published_treebank_layers_are_as_counted(published: TaggingCorpus):
    carried = {
        task: {split: sum(row is not None for row in data[task]) for split, data in published.items()}
        for task in ("gold_pos", "tree_chunk", "srl")
    }
    assert carried == CARRIED
    agreeing = total = 0
    for data in published.values():
        tagger, treebank = (data.features[task].feature.names for task in ("pos", "gold_pos"))
        for row in data:
            for i, j in zip(row["pos"], row["gold_pos"] or (), strict=False):
                total += j is not None
                agreeing += j is not None and tagger[i] == treebank[j].replace("-LRB-", "(").replace("-RRB-", ")")
    assert (agreeing, total) == (83_458, 90_712)


SENTENCES = {"train": 26_492, "validation": 3_373, "test": 2_909}
CARRIED = {
    "gold_pos": {"train": 3_561, "validation": 808, "test": 589},
    "tree_chunk": {"train": 3_559, "validation": 807, "test": 587},
    "srl": {"train": 3_527, "validation": 593, "test": 588},
}
