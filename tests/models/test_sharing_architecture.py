import os
from dataclasses import replace

import numpy as np
import pytest
import torch

from hf_sluice.models.architecture_origin import ArchitectureOrigin
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.extraction import extract_tasks
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.sharing_architecture import SharingArchitecture
from tests.models.tiny_sluice import presets_of_tasks, randomise, tiny_model
from tests.models.tiny_sparse_sharing import random_masks, tiny_sparse_model


def of_mixing(**values):
    return SharingArchitecture.of_model(tiny_model(3, dtype=torch.float32, **values), commit="abc")


def of_masks(seed=0, **values):
    return SharingArchitecture.of_model(tiny_sparse_model(3, seed, **values))


def assert_same(one, other):
    assert (one.tasks, one.num_layers, one.hidden_size) == (other.tasks, other.num_layers, other.hidden_size)
    assert (one.model_type, one.digest) == (other.model_type, other.digest)
    if one.mixing is not None:
        for name in ("alpha", "beta"):
            ours, theirs = getattr(one.mixing, name), getattr(other.mixing, name)
            assert ours.dtype == theirs.dtype == np.float32
            assert ours.tobytes() == theirs.tobytes()
        for name in ("sharing", "num_subspaces", "layer_connection", "task_networks", "task_layers"):
            assert getattr(one.mixing, name) == getattr(other.mixing, name)
    if one.subnets is not None:
        assert (one.subnets.sizes, one.subnets.sha256) == (other.subnets.sizes, other.subnets.sha256)
        assert list(one.subnets.masks.masks) == list(other.subnets.masks.masks)


ALL = [
    *(pytest.param(of_mixing, {"sharing": sharing}, id=sharing) for sharing, _ in presets_of_tasks(3)),
    pytest.param(of_masks, {}, id="masks"),
    pytest.param(of_masks, {"masked_parameters": ["words.characters.weight"]}, id="masks of characters"),
]


@pytest.mark.parametrize(("make", "values"), ALL)
def test_an_architecture_comes_back_bit_for_bit(tmp_path, make, values):
    architecture = make(**values)
    architecture.save(tmp_path)
    loaded = SharingArchitecture.load(tmp_path)

    assert_same(loaded, architecture)
    assert loaded.origin == architecture.origin
    assert_same(SharingArchitecture.from_pretrained(tmp_path.parent, subfolder=tmp_path.name), architecture)


def test_the_digest_tells_architectures_apart_and_not_their_origins():
    one, same, other = of_mixing(), of_mixing(), of_mixing(sharing="fixed")
    assert one.digest == same.digest != other.digest
    assert one.origin == ArchitectureOrigin.here("abc")
    assert of_masks(0).digest != of_masks(1).digest
    in_another_order = tuple(dict(reversed(task.items())) for task in one.tasks)
    assert replace(one, tasks=in_another_order).digest == one.digest != replace(one, tasks=one.tasks[::-1]).digest


def test_harmless_and_harmful_names_come_back(tmp_path):
    model = tiny_model(2, dtype=torch.float32)
    model.config.tasks[0] |= {"name": "../../x\n|<b>", "labels": ['"', "\\", "\u202e", "ä"]}
    SharingArchitecture.of_model(model).save(tmp_path / "a")

    assert SharingArchitecture.load(tmp_path / "a").tasks == tuple(model.config.tasks)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_masks_of_another_model_never_stay(tmp_path):
    of_masks().save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["architecture.json", "masks.safetensors"]
    of_mixing().save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["architecture.json"]


@pytest.mark.parametrize("fails", ["masks", "architecture"])
def test_what_is_cut_short_is_no_architecture(tmp_path, monkeypatch, fails):
    of_masks(0).save(tmp_path)

    def interrupted(path, target):
        if fails in path.name:
            raise KeyboardInterrupt
        os.replace(path, target)  # noqa: PTH105 - what is replaced is Path.replace

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        of_masks(1).save(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"holds no file architecture\.json"):
        SharingArchitecture.load(tmp_path)


def test_masks_that_are_not_those_described_are_refused(tmp_path):
    architecture = of_masks(0)
    architecture.save(tmp_path)
    path = tmp_path / "masks.safetensors"

    of_masks(1).subnets.masks.save(path)
    with pytest.raises(ValueError, match="the masks beside it are others than those it describes"):
        SharingArchitecture.load(tmp_path)
    MaskSet({"task0": random_masks(tiny_sparse_model(3).config)["task0"]}).save(path)
    with pytest.raises(ValueError, match="the masks beside it are of the tasks 'task0'"):
        SharingArchitecture.load(tmp_path)
    path.write_bytes(b"\x80\x04}.")
    with pytest.raises(ValueError, match=r"masks\.safetensors: damaged or cut short, or no file of masks"):
        SharingArchitecture.load(tmp_path)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"holds no file masks\.safetensors"):
        SharingArchitecture.load(tmp_path)


def test_a_large_file_is_not_read(tmp_path):
    with (tmp_path / "architecture.json").open("wb") as file:
        file.truncate(2**40)  # of which the disk holds nothing
    with pytest.raises(ValueError, match="has 1,099,511,627,776 bytes; at most 8,388,608 are read"):
        SharingArchitecture.load(tmp_path)


def test_a_part_of_a_model_has_an_architecture_too(tmp_path):
    part = extract_tasks(tiny_model(3, dtype=torch.float32), ["task2", "task0"])
    part.save_pretrained(tmp_path)
    loaded = SharingArchitecture.load(tmp_path)

    assert loaded.mixing.task_networks == (2, 0)
    assert np.array_equal(loaded.mixing.alpha, part.alpha.numpy())


def put(hub, folder, architecture, under="", **others):
    """What a push of a model leaves on the Hub; returns the commit."""
    architecture.save(folder)
    files = {under + path.name: path.read_bytes() for path in folder.iterdir()}
    hub.repository("user/repo").put(files | {"model.safetensors": bytes(1_000_000)} | others)
    return hub.repository("user/repo").oid("main")


def fetched(hub):
    return [request.path.split("/")[-1] for request in hub.requests if request.method == "GET"]


@pytest.mark.parametrize("make", [of_mixing, of_masks])
def test_its_own_files_alone_are_fetched(hub, tmp_path, make):
    architecture = make()
    commit = put(hub, tmp_path / "pushed", architecture)
    loaded = SharingArchitecture.from_pretrained("user/repo")

    assert_same(loaded, architecture)
    assert (loaded.origin.model, loaded.origin.revision) == ("user/repo", commit)
    masks = [] if loaded.subnets is None else ["masks.safetensors"]
    assert fetched(hub) == ["architecture.json", *masks]
    assert not any("masks" in request.path for request in hub.requests) or masks
    hub.requests.clear()
    assert_same(SharingArchitecture.from_pretrained("user/repo", local_files_only=True), architecture)
    assert hub.requests == []


def test_less_than_a_hundredth_of_the_repository_is_fetched(hub):
    """Of a sluice network as large as the papers', of five tasks, as it is pushed."""
    labels = {"pos": 50, "chunk": 23, "ner": 37, "srl": 67, "sst": 83}
    tasks = [{"name": name, "labels": [f"B-LABEL-{n}" for n in range(size)]} for name, size in labels.items()]
    model = SluiceForTokenClassification(SluiceConfig(tasks=tasks, vocab_size=10_000, char_vocab_size=100))
    randomise(model, 0)
    model.push_to_hub("user/repo")
    hub.requests.clear()
    loaded = SharingArchitecture.from_pretrained("user/repo")

    whole = sum(map(len, hub.repository("user/repo").files().values()))
    assert whole > 10_000_000
    assert sum(request.sent + request.received for request in hub.requests) < whole / 100
    assert len(hub.requests) < 5
    assert loaded.mixing.alpha.tobytes() == model.alpha.detach().numpy().tobytes()


def test_a_revision_and_a_folder_may_be_said(hub, tmp_path):
    first = put(hub, tmp_path / "a", of_masks(0), under="below/")
    put(hub, tmp_path / "b", of_masks(1), under="below/")

    for revision, seed in ((first, 0), ("main", 1), (None, 1)):
        loaded = SharingArchitecture.from_pretrained(
            "user/repo", revision=revision, subfolder="below", cache_dir=tmp_path / "cache"
        )
        assert_same(loaded, of_masks(seed))
        assert loaded.origin.revision == hub.repository("user/repo").oid(revision or "main")


def test_both_files_are_of_one_commit(hub, tmp_path, monkeypatch):
    put(hub, tmp_path / "a", of_masks(0))
    read = SharingArchitecture._read.__func__

    def pushed_meanwhile(cls, find):
        put(hub, tmp_path / "b", of_masks(1))
        return read(cls, find)

    monkeypatch.setattr(SharingArchitecture, "_read", classmethod(pushed_meanwhile))
    assert_same(SharingArchitecture.from_pretrained("user/repo"), of_masks(0))
