from __future__ import annotations

import json

import pytest

from hf_sluice.models.mask_measures import counted_parameters
from hf_sluice.prediction.model_folder import load_tagger


@pytest.fixture(scope="module")
def model(demo_run):
    return load_tagger(str(demo_run)).model


def test_tables_show_what_the_model_holds(hf_sluice, demo_run, model):
    done = hf_sluice("inspect", demo_run)

    assert (done.code, done.err) == (0, "")
    for text in (f"{model.num_parameters():,}", "sluice", "α, layer 1", "α, layer 2", "β", "itself", "chunk·2"):
        assert text in done.out
    for value in (model.alpha[1, 2, 3], model.beta[0, 1]):
        assert f"{value.item():.2f}" in done.out


def test_one_layer_may_be_shown(hf_sluice, demo_run):
    done = hf_sluice("inspect", demo_run, "--layer", 2)

    assert "α, layer 2" in done.out
    assert "α, layer 1" not in done.out


def test_json_holds_the_exact_values(hf_sluice, demo_run, model):
    values = json.loads(hf_sluice("inspect", demo_run, "--json").out)

    assert values["alpha"] == model.alpha.tolist()
    assert list(values["beta"].values()) == model.beta.tolist()
    assert values["parameters"] == model.num_parameters()
    assert [len(task["labels"]) for task in values["tasks"]] == [28, 12, 8]
    assert values["subspaces"][:3] == ["pos·1", "pos·2", "chunk·1"]
    assert sum(values["shares"]["ner"].values()) == pytest.approx(1)


def test_a_single_task_has_a_model_too(hf_sluice, demo_run):
    done = hf_sluice("inspect", demo_run / "single_task" / "ner")

    assert done.code == 0
    assert "100.0 %" in done.out


def test_pictures_are_drawn_where_one_says(hf_sluice, demo_run, tmp_path):
    plain = hf_sluice("inspect", demo_run)
    done = hf_sluice("inspect", demo_run, "--figures", tmp_path / "new")
    paths = [tmp_path / "new" / "alpha.png", tmp_path / "new" / "beta.png"]

    assert (done.code, done.err) == (0, "")
    assert done.out == plain.out + "".join(f"{path}\n" for path in paths)
    assert sorted((tmp_path / "new").iterdir()) == paths
    assert [path.read_bytes()[:8] for path in paths] == [b"\x89PNG\r\n\x1a\n"] * 2


def test_pictures_are_named_in_json(hf_sluice, demo_run, tmp_path):
    values = json.loads(hf_sluice("inspect", demo_run, "--json", "--figures", tmp_path).out)

    assert values["figures"] == [str(tmp_path / "alpha.png"), str(tmp_path / "beta.png")]
    assert "figures" not in json.loads(hf_sluice("inspect", demo_run, "--json").out)


def test_a_folder_that_cannot_be_written_is_one_line(hf_sluice, demo_run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = hf_sluice("inspect", demo_run, "--figures", tmp_path / "file")

    assert (done.code, done.out) == (2, "")
    assert done.err.strip().count("\n") == 0
    assert "alpha.png: the figure cannot be written (" in done.err


def test_tables_show_masks_and_the_search_for_them(hf_sluice, sparse_run):
    done = hf_sluice("inspect", sparse_run)
    model = load_tagger(str(sparse_run)).model

    assert (done.code, done.err) == (0, "")
    for text in ("sparse sharing", "Subnets", "Sparsity per gate", "Overlap ratios", "Candidates for ner", "◀",
                 f"{counted_parameters(model):,}", "pos & ner", "α"):  # fmt: skip
        assert (text in done.out) == (text != "α")


def test_json_holds_the_measures_of_masks(hf_sluice, sparse_run):
    values = json.loads(hf_sluice("inspect", sparse_run, "--json").out)
    results = json.loads((sparse_run / "results.json").read_text(encoding="utf-8"))

    assert values["masks"] == results["masks"]
    assert values["search"] == results["search"]
    assert values["parameter_counts"]["sparse_sharing"] == results["counted_parameters"]
    assert values["parameters"] == results["parameters"]
    assert (values["model_type"], values["sharing"]) == ("sparse_sharing", "sparse_sharing")
    assert values["overlap_by_round"][0]["overlap"] == 1


def test_pictures_of_masks_are_drawn(hf_sluice, sparse_run, tmp_path):
    names = ["overlap", "overlap_by_round", "scores", "sparsity"]
    values = json.loads(hf_sluice("inspect", sparse_run, "--json", "--figures", tmp_path).out)

    assert sorted(values["figures"]) == sorted(map(str, tmp_path.iterdir()))
    assert sorted(path.stem for path in tmp_path.iterdir()) == names


def test_a_layer_of_masks_cannot_be_asked_for(hf_sluice, sparse_run, tmp_path):
    done = hf_sluice("inspect", sparse_run, "--layer", 1, "--figures", tmp_path)

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"hf-sluice: --layer is for α of a sluice network; {sparse_run} holds a model of sparse sharing\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_fixed_networks_are_named_by_the_tasks_that_read_them(hf_sluice, demo_run, tmp_path):
    hf_sluice("extract", demo_run, "--task", "chunk", "--output", tmp_path / "chunk")
    done = hf_sluice("inspect", tmp_path / "chunk")

    for text in ("fixed", "network 1·1", "chunk·2", "network 3·2"):
        assert text in done.out
