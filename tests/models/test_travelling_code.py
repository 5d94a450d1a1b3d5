import json
import re
from pathlib import Path

import pytest
from transformers.dynamic_module_utils import get_relative_imports

from hf_sluice.models import travelling_code
from hf_sluice.models.hub_errors import HubError
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.travelling_code import add_code, classes_of, code_files
from tests.models.tiny_sluice import tiny_config, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.prediction.tiny_tagger import tiny_tagger


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("with_code")
    model, tokenizer = tiny_tagger()
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    (path / "left_over.py").touch()
    add_code(path, model)
    return path


def test_all_that_a_module_imports_from_its_folder_is_there(folder):
    there = {path.stem for path in folder.glob("*.py")}
    assert {name for path in folder.glob("*.py") for name in get_relative_imports(path)} <= there
    assert not (folder / "left_over.py").exists()


def test_the_files_are_those_of_the_package(folder):
    home = Path(travelling_code.__file__).parent
    assert all(path.read_bytes() == (home / path.name).read_bytes() for path in folder.glob("*.py"))


def test_every_class_that_is_named_is_defined_there(folder):
    config, tokenizer = (
        json.loads((folder / name).read_text(encoding="utf-8")) for name in ("config.json", "tokenizer_config.json")
    )
    (pipeline,) = config["custom_pipelines"].values()
    references = {
        **config["auto_map"],
        "pipeline": pipeline["impl"],
        "tokenizer": tokenizer["auto_map"]["AutoTokenizer"][0],
    }
    assert references.keys() == {"AutoConfig", "AutoModel", "AutoModelForTokenClassification", "pipeline", "tokenizer"}
    for reference in references.values():
        module, _, name = reference.partition(".")
        assert re.search(rf"^class {name}\b", (folder / f"{module}.py").read_text(encoding="utf-8"), re.MULTILINE)


def test_whatever_is_loaded_of_it_brings_tokenizer_and_pipeline_along():
    for module in ("modeling_sluice", "tokenization_tagger"):
        assert {"pipeline_multitask.py", "tokenization_tagger.py"} <= {path.name for path in code_files([module])}


def test_the_classes_are_those_of_the_model():
    assert classes_of(tiny_sparse_model()) == {
        "AutoConfig": "configuration_sparse_sharing.SparseSharingConfig",
        "AutoModel": "modeling_sparse_sharing.SparseSharingModel",
        "AutoModelForTokenClassification": "modeling_sparse_sharing.SparseSharingForTokenClassification",
    }
    assert classes_of(tiny_model(2).base).keys() == {"AutoConfig", "AutoModel"}


def test_nothing_of_this_machine_stays_in_the_configurations(folder, tmp_path):
    again, _ = tiny_tagger()
    loaded = type(again).from_pretrained(folder)
    loaded.save_pretrained(tmp_path)
    tiny_tagger()[1].from_pretrained(folder).save_pretrained(tmp_path)
    add_code(tmp_path, loaded)
    for name in ("config.json", "tokenizer_config.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


class Own(SluiceForTokenClassification):
    """A user's own model."""


def test_code_that_is_missing_or_not_of_this_package_is_named(tmp_path, monkeypatch):
    with pytest.raises(HubError, match="Own: its code is none of hf_sluice's and cannot travel with the model"):
        classes_of(Own(tiny_config(1)))
    monkeypatch.setattr(travelling_code, "HOME", tmp_path)
    with pytest.raises(HubError, match=r"modeling_sluice\.py: the code of modeling_sluice is not complete"):
        code_files(["modeling_sluice"])
