import json

import pytest
import torch
from transformers import AutoConfig, AutoModel, AutoModelForTokenClassification, AutoTokenizer

import hf_sluice  # noqa: F401 - registers
from hf_sluice.models.generated_card import is_untouched
from hf_sluice.models.hub_errors import HubError
from hf_sluice.models.hub_pushing import TOKENIZER_FILES
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.prediction.tiny_tagger import tiny_tagger

TOKENIZER_ALONE = {"vocabulary.json", "tokenizer_config.json"}


@pytest.fixture(scope="module")
def tagger():
    return tiny_tagger()


def files(hub, revision="main"):
    return hub.repository("user/repo").files(revision)


def assert_loads(model, tokenizer, **source):
    loaded = AutoModelForTokenClassification.from_pretrained("user/repo", **source)
    assert type(loaded) is type(model)
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in loaded.state_dict().items())
    assert AutoConfig.from_pretrained("user/repo", **source).task_names == model.config.task_names
    assert AutoTokenizer.from_pretrained("user/repo", **source).vocabulary == tokenizer.vocabulary


def test_model_and_tokenizer_in_one_commit(hub, tagger):
    model, tokenizer = tagger
    commit = model.push_to_hub("repo", tokenizer=tokenizer, tags=["demo"], commit_message="first")

    assert commit.oid == hub.repository("user/repo").oid("main")
    assert [made.title for made in hub.repository("user/repo").history()] == ["first", "initial commit"]
    assert {"model.safetensors", "config.json", "architecture.json", *TOKENIZER_ALONE} <= files(hub).keys()
    card = files(hub)["README.md"].decode()
    assert is_untouched(card)
    assert "- demo\n" in card
    assert 'from_pretrained("user/repo"' in card
    assert_loads(model, tokenizer)
    again = model.push_to_hub("user/repo", tokenizer=tokenizer, tags=["demo"])
    assert again.oid == commit.oid


def test_model_and_tokenizer_one_after_the_other(hub, tagger):
    model, tokenizer = tagger
    model.push_to_hub("user/repo")
    assert not files(hub).keys() & TOKENIZER_FILES
    before = files(hub)
    tokenizer.push_to_hub("user/repo")
    assert files(hub).keys() == before.keys() | TOKENIZER_ALONE
    assert files(hub)["README.md"] == before["README.md"]
    assert_loads(model, tokenizer)
    model.push_to_hub("user/repo", commit_message="again")  # leaves the tokenizer where it is
    assert files(hub).keys() >= TOKENIZER_ALONE


def test_what_an_earlier_kind_of_model_left_is_removed(hub, tagger):
    tiny_sparse_model().push_to_hub("user/repo")
    assert {"masks.safetensors", "modeling_sparse_sharing.py"} <= files(hub).keys()
    model, tokenizer = tagger
    model.push_to_hub("user/repo", tokenizer=tokenizer)
    assert "masks.safetensors" not in files(hub)
    assert_loads(model, tokenizer)


def test_revisions_and_pull_requests(hub, tagger):
    model, tokenizer = tagger
    model.push_to_hub("user/repo", tokenizer=tokenizer, revision="dev")
    proposed = model.push_to_hub("user/repo", tokenizer=tokenizer, create_pr=True)
    assert files(hub).keys() == {".gitattributes"}
    assert_loads(model, tokenizer, revision="dev")
    assert_loads(model, tokenizer, revision=proposed.pr_revision)
    assert_loads(model, tokenizer, revision=hub.repository("user/repo").oid("dev"), local_files_only=True)


def test_a_model_without_heads(hub, tagger):
    model, _ = tagger
    model.base.push_to_hub("user/repo")
    loaded = AutoModel.from_pretrained("user/repo")
    assert all(torch.equal(value, model.base.state_dict()[name]) for name, value in loaded.state_dict().items())
    config = json.loads(files(hub)["config.json"])
    assert config["auto_map"].keys() == {"AutoConfig", "AutoModel"}
    assert "custom_pipelines" not in config


def test_what_does_not_load_again_is_not_published(hub, tagger, monkeypatch):
    model, _ = tagger

    def fails(*_, **__):
        raise ValueError("does not fit")

    monkeypatch.setattr(type(model), "from_pretrained", fails)
    with pytest.raises(ValueError, match="does not fit"):
        model.push_to_hub("user/repo")
    assert hub.requests == []


def test_a_failure_is_one_line(hub, tagger):
    hub.namespaces.clear()
    with pytest.raises(HubError, match=r"^user/repo: the Hub does not accept the token"):
        tagger[0].push_to_hub("user/repo")
    with pytest.raises(HubError, match=r"^user/repo: the Hub does not accept the token"):
        tagger[1].push_to_hub("user/repo")
