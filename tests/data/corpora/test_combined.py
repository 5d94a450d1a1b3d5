from __future__ import annotations

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.data.sampling import limit_sentences
from hf_sluice.data.union import unite
from hf_sluice.errors import DataError, UserError
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.corpus_folder import save_corpus
from hf_sluice.hub.corpus_origin import CorpusOrigin

SIZES = {"train_sentences": 24, "validation_sentences": 4, "test_sentences": 4}
OTHER = {**SIZES, "seed": 7}
TAGS = {"corpus": "demo", "tasks": ["pos"], "options": SIZES}
SPANS = {"corpus": "demo", "tasks": ["ner", "chunk"], "options": OTHER}
TEXT = "Ann PER 1\nran O 2\n"
DESCRIBED = [{"name": "name", "column": "label"}, {"name": "time", "kind": "regression", "metric": "spearman"}]
COLUMNS = {"files": {"train": "a.conll"}, "columns": ["token", "label", "time"]}


def combined(parts, **options):
    return load_corpus("combined", parts=parts, **options)


def content(corpus):
    return {split: corpus[split].to_dict() for split in corpus}


def names(corpus):
    return [task.name for task in corpus.tasks]


def test_the_parts_are_loaded_and_united():
    corpus = combined({"tags": TAGS, "spans": SPANS})
    united = unite(
        {
            "tags": load_corpus("demo", tasks=["pos"], **SIZES),
            "spans": load_corpus("demo", tasks=["ner", "chunk"], **OTHER),
        }
    )

    assert content(corpus) == content(united)
    assert corpus.tasks == united.tasks
    assert corpus.notes == united.notes


def test_parts_without_a_task_asked_for_are_left_out():
    parts = {"tags": TAGS, "spans": SPANS, "more": {**SPANS, "tasks": ["chunk", "srl"]}}

    assert content(combined(parts, tasks=["pos"])) == content(combined({"tags": TAGS}))
    some = combined(parts, tasks=["srl", "ner"])
    assert names(some) == ["srl", "ner"]
    assert {name.partition("/")[0] for name in some["train"]["sent_id"]} == {"spans", "more"}


def test_a_part_has_all_tasks_of_its_corpus_unless_it_names_some():
    assert names(combined({"tags": TAGS, "demo": {"options": SIZES}})) == ["pos", "chunk", "ner", "srl"]
    assert names(combined({"tags": TAGS, "demo": {"options": SIZES}}, tasks=["srl", "pos"])) == ["srl", "pos"]


def test_a_part_may_be_a_saved_corpus_that_knows_its_tasks(tmp_path):
    save_corpus(load_corpus("demo", **OTHER), tmp_path / "saved", CorpusOrigin(Sources(), {}))
    saved = {"corpus": "datasets", "options": {"path": "saved"}, "root": str(tmp_path)}
    part = {**saved, "tasks": ["ner", {"name": "chunk", "weight": 2.0}]}
    corpus, expected = combined({"tags": TAGS, "spans": part}), combined({"tags": TAGS, "spans": SPANS})

    assert content(corpus) == content(expected)
    assert [task.weight for task in corpus.tasks] == [1.0, 1.0, 2.0]
    assert names(combined({"tags": TAGS, "spans": part}, tasks=["chunk"])) == ["chunk"]
    with pytest.raises(UserError, match=r"^parts\.spans: tasks: at least one is needed"):
        combined({"spans": saved})


def test_sentences_are_limited_per_part():
    limited = {**TAGS, "max_sentences": {"train": 5, "test": 2}}
    corpus = combined({"tags": limited, "spans": SPANS}, sampling_seed=3)
    expected = limit_sentences(load_corpus("demo", tasks=["pos"], **SIZES), {"train": 5, "test": 2}, 3)

    assert {split: len(data) for split, data in corpus.items()} == {"train": 5 + 24, "validation": 4 + 4, "test": 2 + 4}
    assert corpus["train"]["sent_id"][:5] == [f"tags/{name}" for name in expected["train"]["sent_id"]]
    assert corpus.notes == tuple(f"tags: {note}" for note in expected.notes)


def test_a_part_can_be_some_domains_of_its_corpus():
    domain, *others = load_corpus("demo", **SIZES).domains
    some = {**TAGS, "domains": [domain]}
    expected = load_corpus("demo", tasks=["pos"], domains=[domain], **SIZES)
    corpus = combined({"some": some, "others": {**TAGS, "domains": others}})
    limited = combined({"some": {**some, "max_sentences": {"train": 2}}})

    assert corpus["train"]["sent_id"][: len(expected["train"])] == [f"some/{n}" for n in expected["train"]["sent_id"]]
    assert {split: len(data) for split, data in corpus.items()} == {"train": 24, "validation": 4, "test": 4}
    assert set(limited["train"]["sent_id"][:]) < {f"some/{name}" for name in expected["train"]["sent_id"]}
    with pytest.raises(UserError, match=r"^parts\.some: domains: 'moon' is not one of the corpus; it has "):
        combined({"some": {**TAGS, "domains": ["moon"]}})


def test_the_draw_of_a_part_does_not_depend_on_the_others():
    limited = {**TAGS, "max_sentences": {"train": 5}}
    both = combined({"spans": SPANS, "tags": limited})

    assert both["train"]["sent_id"][24:] == combined({"tags": limited})["train"]["sent_id"][:]
    assert content(combined({"tags": limited}, sampling_seed=1)) != content(combined({"tags": limited}))


def test_a_format_can_be_a_part_with_its_tasks_described(tmp_path):
    (tmp_path / "a.conll").write_text(TEXT, encoding="utf-8")
    mine = {"corpus": "columns", "tasks": DESCRIBED, "options": COLUMNS}
    corpus = combined({"demo": {**TAGS}, "mine": mine}, root=tmp_path)
    elsewhere = combined({"mine": {**mine, "root": str(tmp_path)}}, tasks=["time"])

    assert names(corpus) == ["pos", "name", "time"]
    assert corpus["train"][-1] | {"domain": None} == {
        "tokens": ["Ann", "ran"],
        "pos": None,
        "name": [1, 0],
        "time": [1.0, 2.0],
        "domain": None,
        "sent_id": "mine/a.conll-1",
    }
    assert elsewhere["train"]["time"][:] == [[1.0, 2.0]]


def test_a_combined_corpus_can_be_a_part():
    inner = {"corpus": "combined", "options": {"parts": {"a": TAGS, "b": SPANS}}}
    corpus = combined({"outer": inner}, tasks=["ner"])

    assert corpus["train"]["sent_id"][0].startswith("outer/b/")


@pytest.mark.parametrize(
    ("parts", "options", "message"),
    [
        ({"x": {"corpus": "dmo"}}, {}, r"^parts\.x: corpus 'dmo' is unknown; choose one of "),
        ({"demo": {"options": {"colour": 1}}}, {}, r"^parts\.demo: corpus 'demo': unknown option 'colour'; it takes "),
        ({"demo": {"options": {"tasks": ["pos"]}}}, {}, r"^parts\.demo: corpus 'demo': unknown option 'tasks'"),
        ({"demo": {"tasks": ["pso"]}}, {}, r"^parts\.demo: corpus 'demo': there is no task 'pso'; it has pos, chunk, "),
        ({"demo": {"tasks": [{"name": "pos"}]}}, {}, r"^parts\.demo: corpus 'demo': there is no task \{'name': 'pos'"),
        ({"demo": {"root": "/nowhere"}}, {}, r"^parts\.demo: root '/nowhere' is not a folder"),
        ({"columns": {"options": COLUMNS}}, {}, r"^parts\.columns: tasks: at least one is needed"),
        ({"columns": {"options": COLUMNS, "tasks": ["name"]}}, {}, r"^parts\.columns: tasks: 'name' says no kind"),
        ({"demo": {"taks": ["pos"]}}, {}, r"^parts\.demo: taks is no field of a part"),
        ({"tags": TAGS}, {"tasks": ["ner"]}, r"^corpus 'combined': there is no task 'ner'; it has pos$"),
        (
            {"tags": TAGS},
            {"sampling_seed": -1},
            r"^corpus 'combined': option 'sampling_seed' should be at least 0, not ",
        ),
        (
            {"a": {"corpus": "combined", "options": {"parts": {"b": {"corpus": "dmo"}}}}},
            {},
            r"^parts\.a: parts\.b: corpus 'dmo' is unknown",
        ),
    ],
)
def test_what_makes_no_sense_is_named_with_its_part(parts, options, message):
    with pytest.raises(UserError, match=message) as caught:
        combined(parts, **options)
    assert "\n" not in str(caught.value)


def test_a_part_that_is_wrong_is_refused_before_any_is_read(tmp_path):
    missing = {"corpus": "columns", "tasks": DESCRIBED, "options": COLUMNS}

    with pytest.raises(UserError, match=r"^parts\.demo: "):
        combined({"mine": missing, "demo": {"tasks": ["pso"]}}, root=tmp_path)
    with pytest.raises(DataError, match=r"a\.conll: no such file"):
        combined({"mine": missing, "demo": {"tasks": ["pos"]}}, root=tmp_path)


@pytest.mark.real_data
def test_tasks_of_three_published_corpora(data_root):
    parts = {"gum": {"tasks": ["pos"]}, "ewt": {"tasks": ["chunk"]}, "broad_twitter": {"tasks": ["ner"]}}
    corpus = combined(parts, root=data_root)
    counts = {split: dict.fromkeys(parts, 0) for split in corpus}
    for split, data in corpus.items():
        for name in data["sent_id"]:
            counts[split][name.partition("/")[0]] += 1

    assert counts == {
        "train": {"gum": 5_608, "ewt": 12_524, "broad_twitter": 6_338},
        "validation": {"gum": 640, "ewt": 1_968, "broad_twitter": 1_001},
        "test": {"gum": 669, "ewt": 2_058, "broad_twitter": 2_001},
    }
    assert len({name for data in corpus.values() for name in data["sent_id"]}) == 32_807
    for task, part in zip(corpus.tasks, parts, strict=True):
        for data in corpus.values():
            carrying = [labels is not None for labels in data[task.name]]
            assert carrying == [name.startswith(f"{part}/") for name in data["sent_id"]]
