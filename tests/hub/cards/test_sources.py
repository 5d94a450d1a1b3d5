from __future__ import annotations

import pytest

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.recipe import make_recipe


def sources_of(corpus, **options):
    data = {"corpus": corpus, "options": options}
    return Sources.of_recipe(make_recipe({"tasks": ["pos"], "output": "x", "data": data}, "recipe"))


def combined(**parts):
    return sources_of("combined", parts=parts)


def test_a_corpus_brings_its_title_language_and_licence():
    sources = sources_of("ewt")

    assert sources.corpora == (source_of("ewt"),)
    assert (sources.title, sources.languages, sources.licence) == (source_of("ewt").title, ["en"], "cc-by-sa-4.0")


@pytest.mark.parametrize(
    ("parts", "names", "licence"),
    [
        ({"ewt": {}, "streusle": None}, ["ewt", "streusle"], "cc-by-sa-4.0"),
        ({"ewt": {}, "broad_twitter": {}}, ["ewt", "broad_twitter"], "other"),
        ({"one": {"corpus": "ewt"}, "two": {"corpus": "ewt"}}, ["ewt"], "cc-by-sa-4.0"),
        ({"ewt": {}, "mine": {"corpus": "columns"}}, ["ewt"], "other"),
        ({"a": {"corpus": "combined", "options": {"parts": {"gum": {}}}}}, ["gum"], "other"),
    ],
)
def test_parts_count_each_corpus_once_and_have_a_licence_if_they_have_the_same(parts, names, licence):
    sources = combined(**parts)

    assert [source.name for source in sources.corpora] == names
    assert sources.licence == licence


def test_of_mere_files_neither_licence_nor_language_is_claimed():
    sources = sources_of("columns", files={})

    assert (sources.licence, sources.languages, sources.title, sources.unknown) == (None, [], "", ("columns",))
    assert combined(ewt={}, mine={"corpus": "conllu"}).languages == []


def test_a_data_set_of_the_hub_is_named_with_its_revision():
    sources = sources_of("datasets", path="user/corpus", revision="v1")

    assert (sources.hub_ids, sources.revision, sources.title) == (("user/corpus",), "v1", "user/corpus")
    assert sources.licence is None


@pytest.mark.parametrize("path", ["/data/corpus", "./corpus", "a/b/c", "corpus", "user/..", "../user"])
def test_a_folder_is_no_data_set_of_the_hub(path):
    assert sources_of("datasets", path=path).hub_ids == ()


def test_a_folder_that_could_be_a_name_on_the_hub_is_looked_for(tmp_path):
    (tmp_path / "user" / "corpus").mkdir(parents=True)
    data = {"corpus": "datasets", "root": str(tmp_path), "options": {"path": "user/corpus"}}

    assert Sources.of_recipe(make_recipe({"tasks": ["x"], "output": "x", "data": data}, "recipe")).hub_ids == ()


def test_without_a_recipe_nothing_is_known():
    assert Sources.of_recipe(None) == Sources()
    assert Sources().licence is None
