from __future__ import annotations

import datasets
import pytest
import yaml
from datasets import load_dataset
from huggingface_hub import DatasetCard, HfApi

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.data.load import load_corpus
from hf_sluice.errors import UserError
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.corpus_origin import CorpusOrigin
from hf_sluice.hub.dataset_push import check_licence, push_corpus
from hf_sluice.models.hub_publishing import Target
from hf_sluice.recipe import load_recipe
from hf_sluice.training.building import build_corpus
from tests.data.layered_corpus import layered_corpus
from tests.hub.test_corpus_folder import ORIGIN, same
from tests.hub_server import Fault

TARGET = Target("user/corpus", "Upload")
FILES = {"README.md", "tasks.json", "data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "datasets"))


def origin_of(*names):
    return CorpusOrigin(Sources(tuple(source_of(name) for name in names)), {})


def files(hub):
    return hub.repository("user/corpus", "datasets").files()


def test_a_pushed_corpus_is_one_commit_and_comes_back(hub):
    corpus = layered_corpus()
    published = push_corpus(corpus, ORIGIN, Target("corpus", "Upload", private=True))
    assert (published.repo_id, published.card, published.sizes.keys()) == ("user/corpus", "new", FILES)
    assert files(hub).keys() == FILES | {".gitattributes", "pushed_files.json"}
    assert sum("/commit/" in request.path for request in hub.requests) == 1
    assert HfApi().dataset_info("user/corpus").private

    same(load_corpus("datasets", path="user/corpus"), corpus)
    DatasetCard.load("user/corpus").validate()
    streamed = load_dataset("user/corpus", split="test", streaming=True)
    assert list(streamed) == list(corpus["test"])


@pytest.mark.usefixtures("hub")
def test_training_from_a_pushed_corpus_is_training_from_the_corpus(hf_sluice, demo_run, tmp_path):
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text((demo_run / "recipe.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    done = hf_sluice("data", recipe, "--push", "user/corpus")
    assert done.code == 0, done.err
    assert "Train from it: data: {corpus: datasets, options: {path: user/corpus}}" in done.out

    content = yaml.safe_load(recipe.read_text(encoding="utf-8"))
    content |= {
        "data": {"corpus": "datasets", "options": {"path": "user/corpus"}},
        "baselines": [],
        "output": str(tmp_path / "run"),
    }
    again = tmp_path / "again.yaml"
    again.write_text(yaml.safe_dump(content), encoding="utf-8")
    same(build_corpus(load_recipe(again)), build_corpus(load_recipe(recipe)))
    done = hf_sluice("train", again)
    assert done.code == 0, done.err
    for file in ("model.safetensors", "config.json", "vocabulary.json"):
        assert (tmp_path / "run" / "model" / file).read_bytes() == (demo_run / "model" / file).read_bytes()


def test_a_later_push_replaces_what_the_first_one_left(hub):
    push_corpus(layered_corpus(), ORIGIN, TARGET)
    hub.repository("user/corpus", "datasets").put({"mine.txt": b"mine"})
    smaller = layered_corpus(train=20)
    del smaller["test"]
    published = push_corpus(smaller, ORIGIN, TARGET)
    assert (published.card, published.deleted) == ("replaced", ("data/test-00000-of-00001.parquet",))
    assert files(hub)["mine.txt"] == b"mine"
    same(load_corpus("datasets", path="user/corpus"), smaller)
    assert not push_corpus(smaller, ORIGIN, TARGET).is_new


def test_a_card_that_a_person_wrote_is_kept(hub):
    push_corpus(layered_corpus(), ORIGIN, TARGET)
    mine = files(hub)["README.md"].replace(b"## Use", b"## How I use it")
    hub.repository("user/corpus", "datasets").put({"README.md": mine})
    assert push_corpus(layered_corpus(train=20), ORIGIN, TARGET).card == "kept"
    assert files(hub)["README.md"] == mine


@pytest.mark.usefixtures("hub")
def test_branches_and_pull_requests():
    push_corpus(layered_corpus(), ORIGIN, TARGET)
    other = layered_corpus(train=20)
    push_corpus(other, ORIGIN, Target("user/corpus", "Upload", branch="v2"))
    assert len(load_corpus("datasets", path="user/corpus")["train"]) == 60
    same(load_corpus("datasets", path="user/corpus", revision="v2"), other)
    proposed = push_corpus(other, ORIGIN, Target("user/corpus", "Upload", as_pull_request=True))
    same(load_corpus("datasets", path="user/corpus", revision=proposed.commit.pr_revision), other)
    assert len(load_corpus("datasets", path="user/corpus", tasks=["pos"])["train"]) == 60


@pytest.mark.parametrize("path", ["/commit/", "/preupload/", "/refs"])
def test_a_push_that_failed_left_nothing_and_can_be_run_again(hub, path, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)  # between the client's own attempts
    hub.faults.append(Fault("500", path=path))
    with pytest.raises(UserError) as caught:
        push_corpus(layered_corpus(), ORIGIN, TARGET)
    assert str(caught.value).startswith("user/corpus: the Hub failed (500); nothing was published")
    assert files(hub).keys() <= {".gitattributes"}
    hub.faults.clear()
    push_corpus(layered_corpus(), ORIGIN, TARGET)
    assert files(hub).keys() >= FILES


def test_a_corpus_that_may_not_be_published_goes_to_private_repositories_alone(hub):
    closed = origin_of("ontonotes")
    with pytest.raises(UserError) as caught:
        push_corpus(layered_corpus(), closed, TARGET)
    assert str(caught.value).startswith("--push: the licence of OntoNotes Release 5.0 (LDC2013T19) forbids to publish")
    assert hub.requests == []
    told = []
    push_corpus(layered_corpus(), closed, Target("user/corpus", "Upload", private=True), told.append)
    assert "The licence of OntoNotes Release 5.0 (LDC2013T19) holds for everyone who is let in" in told
    HfApi().create_repo("user/open", repo_type="dataset")
    with pytest.raises(UserError, match="the repository is there already, and it is public; nothing was published"):
        push_corpus(layered_corpus(), closed, Target("user/open", "Upload", private=True))


def test_what_a_licence_asks_for_is_said():
    assert check_licence(origin_of("ewt", "gum"), private=False) == []
    unknown = CorpusOrigin(Sources(unknown=("columns", "conllu")), {})
    assert check_licence(unknown, private=True) == [
        "The licence of what was read as columns, conllu is not on record: see to it that you may publish it"
    ]
    with pytest.raises(UserError, match=r"OntoNotes .* forbids"):
        check_licence(origin_of("ewt", "ontonotes"), private=False)
