from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import torch
from huggingface_hub import HfApi
from safetensors.torch import load_file
from transformers import pipeline

from hf_sluice.hub.push import push
from hf_sluice.models.hub_publishing import Target
from hf_sluice.prediction.model_folder import load_tagger
from tests.hub.bare_environment import PYTHON, make_bare_environment
from tests.hub_client import environment, use_hub
from tests.hub_server import hub_server

pytestmark = pytest.mark.slow

SENTENCES = ["The old bank raised the price of the new loan .", "Ann Lee met 12 people .", ""]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, demo_run, sparse_run):
    """What a process without this package found on a Hub that this process pushed to."""
    folder = tmp_path_factory.mktemp("remote")
    packages = folder / "packages"
    packages.mkdir()
    make_bare_environment(packages)
    with hub_server() as hub, pytest.MonkeyPatch.context() as patch:
        use_hub(hub.url, folder / "here", patch)
        push(str(demo_run), Target("user/sluice", "first"))
        HfApi().create_tag("user/sluice", tag="before")
        tagger = load_tagger(str(sparse_run))
        tagger.model.push_to_hub("user/sparse", tokenizer=tagger.tokenizer)
        for name, content in hub.repository("user/sluice").files().items():
            (folder / "staged" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "staged" / name).write_bytes(content)
        script = Path(__file__).with_name("load_without_package.py")
        done = subprocess.run(
            [*PYTHON, script, packages, folder / "staged", folder],
            env=environment(hub.url, folder / "there"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    values = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    return hub, values, load_file(folder / "tensors.safetensors")


@torch.no_grad()
def expected(run):
    tagger = load_tagger(str(run))
    inputs = tagger.tokenizer(SENTENCES[:2], padding=True, return_tensors="pt")
    logits = tagger.model.cpu()(**inputs).logits
    labels = {task: of.tolist() for task, of in tagger.model.decode(logits, inputs["attention_mask"]).items()}
    tagged = pipeline("multitask-token-classification", model=tagger.model, tokenizer=tagger.tokenizer)(SENTENCES)
    states = tagger.model.base(**inputs).last_hidden_state
    return {**logits, "states": states}, {"labels": labels, "tagged": tagged, "tasks": tagger.model.config.task_names}


@pytest.mark.parametrize("where", ["sluice", "revision", "folder", "offline", "sparse"])
def test_without_the_package_a_pushed_model_does_the_same(loaded, demo_run, sparse_run, where):
    _, values, tensors = loaded
    logits, others = expected(sparse_run if where == "sparse" else demo_run)
    found = {name.partition("/")[2]: of for name, of in tensors.items() if name.startswith(f"{where}/")}
    assert found.keys() == logits.keys()
    assert all(torch.equal(of, logits[name]) for name, of in found.items())
    assert values["found"][where] == others


def test_the_environment_had_neither_the_package_nor_what_it_needs_beyond(loaded):
    assert loaded[1]["others"] == []


def test_a_model_that_was_loaded_without_the_package_is_pushed_as_whole(loaded):
    hub, *_ = loaded
    first, again = (hub.repository(name).files() for name in ("user/sparse", "user/again"))
    assert first.keys() == again.keys()
    changed = {name for name in first if first[name] != again[name]}
    # The card has the repository's name, the architecture says where it comes from.
    assert changed <= {"README.md", "architecture.json"}
