from __future__ import annotations

import shutil

import pytest

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.sharing_architecture import SharingArchitecture
from hf_sluice.prediction.model_folder import load_tagger
from hf_sluice.prediction.saved_architecture import load_architecture


def test_runs_models_and_architectures_are_found(demo_run, tmp_path):
    expected = SharingArchitecture.of_model(load_tagger(str(demo_run)).model).digest
    shutil.copy(demo_run / "model" / "architecture.json", tmp_path)

    for folder in (demo_run, demo_run / "model", tmp_path):
        assert load_architecture(str(folder)).digest == expected


def test_one_on_the_hub_is_found(hub, sparse_run):
    files = ("architecture.json", "masks.safetensors", "model.safetensors")
    hub.repository("user/repo").put({name: (sparse_run / "model" / name).read_bytes() for name in files})
    commit = hub.repository("user/repo").oid("main")

    loaded = load_architecture(f"user/repo@{commit}")
    assert loaded.digest == load_architecture(str(sparse_run)).digest
    assert loaded.origin.revision == commit
    assert not any("model.safetensors" in request.path for request in hub.requests)


@pytest.mark.parametrize(
    ("name", "revision", "message"),
    [
        ("empty", None, r"^empty: holds no architecture\.json, which stands beside a model's weights"),
        ("begun", None, "^begun: the run has not come to its end"),
        ("damaged", None, r"^damaged.architecture\.json: is no JSON"),
        ("whole", "v1", r"^whole: a revision \(v1\) is for models on the Hub; this is a folder$"),
        ("no/such/folder", None, "^no/such/folder: no such folder$"),
        ("user/repo@v1", "v2", "^user/repo@v1: names a revision, and 'v2' is another one$"),
        ("user/none", None, "^user/none: no such folder, and no repository of this name on the Hub"),
    ],
)
@pytest.mark.usefixtures("hub")
def test_what_is_none_is_one_line(monkeypatch, tmp_path, demo_run, name, revision, message):
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "begun", "damaged", "whole"):
        (tmp_path / folder).mkdir()
    (tmp_path / "begun" / "recipe.yaml").touch()
    (tmp_path / "damaged" / "architecture.json").write_text("{")
    shutil.copy(demo_run / "model" / "architecture.json", tmp_path / "whole")

    with pytest.raises(ModelFolderError, match=message) as caught:
        load_architecture(name, revision)
    assert "\n" not in str(caught.value)
