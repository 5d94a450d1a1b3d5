from __future__ import annotations

import pytest
import yaml
from datasets import Features

from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.corpus_sources import source_of
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.dataset_metadata import data_file, dataset_metadata


@pytest.fixture(scope="module")
def corpus():
    return load_demo_corpus(0, 40, 8, 8)


@pytest.fixture
def metadata(corpus, tmp_path):
    def make(sources, title="A title", sized=corpus):
        (tmp_path / "data").mkdir(exist_ok=True)
        for split, data in sized.items():
            data.to_parquet(tmp_path / data_file(split))
        return yaml.safe_load(dataset_metadata(sized, sources, title, tmp_path).to_yaml())

    return make


def sources(*names, unknown=()):
    return Sources(tuple(source_of(name) for name in names), unknown)


def test_columns_and_splits_are_those_of_the_corpus(metadata, corpus):
    found = metadata(sources("demo"))
    assert Features._from_yaml_list(found["dataset_info"]["features"]) == corpus["train"].features
    sizes = {split["name"]: split["num_examples"] for split in found["dataset_info"]["splits"]}
    assert sizes == {"train": 40, "validation": 8, "test": 8}
    assert found["dataset_info"]["dataset_size"] == sum(split["num_bytes"] for split in found["dataset_info"]["splits"])
    assert found["task_categories"] == ["token-classification"]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (sources("ewt"), {"license": "cc-by-sa-4.0", "language": ["en"]}),
        (sources("ewt", "streusle"), {"license": "cc-by-sa-4.0"}),
        (sources("ewt", "wnut17"), {"license": "other", "license_name": "licences-of-the-sources"}),
        (sources("gum"), {"license": "other", "license_link": "https://github.com/amir-zeldes/gum"}),
        (sources("gum", "masc"), {"license": "other", "license_link": None}),
        (sources("ewt", unknown=("columns",)), {"license": "other", "language": None}),
        (sources(unknown=("columns",)), {"license": None, "license_name": None, "language": None}),
    ],
)
def test_licence_and_languages(metadata, of, expected):
    found = metadata(of)
    assert {field: found.get(field) for field in expected} == expected


def test_a_title_is_one_line_of_text(metadata):
    assert metadata(sources("demo"), "a\n---\n<b>")["pretty_name"] == "`a⟨U+000A⟩---⟨U+000A⟩<b>`"


@pytest.mark.parametrize(("sentences", "category"), [(983, "n<1K"), (984, "1K<n<10K")])
def test_sizes_are_counted_in_sentences(metadata, sentences, category):
    assert metadata(sources("demo"), sized=load_demo_corpus(0, sentences, 8, 8))["size_categories"] == [category]
