from __future__ import annotations

import json

import pytest

from hf_sluice.prediction.saved_architecture import load_architecture


def test_a_run_and_a_model_on_the_hub_are_compared(hf_sluice, hub, demo_run, tmp_path):
    files = ("architecture.json", "config.json", "model.safetensors")
    alone = demo_run / "single_task" / "pos" / "model"
    hub.repository("user/repo").put({name: (alone / name).read_bytes() for name in files})
    commit = hub.repository("user/repo").oid("main")
    done = hf_sluice("inspect", demo_run, f"user/repo@{commit}", "--figures", tmp_path / "drawn")

    assert (done.code, done.err) == (0, "")
    for text in (f"A  {demo_run}", f"B  user/repo@{commit}", "single task", commit, "chunk, ner", "β: A → B"):
        assert text in done.out
    assert done.out.endswith(f"{tmp_path / 'drawn' / 'alpha_difference.png'}\n")
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["alpha_difference.png"]
    assert not any(name in request.path for request in hub.requests for name in files[1:])


def test_json_holds_the_exact_values(hf_sluice, sparse_run, demo_run, tmp_path):
    values = json.loads(hf_sluice("inspect", sparse_run, sparse_run, "--json", "--figures", tmp_path).out)

    assert (values["A"], values["B"], values["same"]) == (str(sparse_run), str(sparse_run), True)
    assert [of["overlap"] for of in values["masks"]["tasks"].values()] == [1, 1, 1]
    assert values["a"]["masks"]["sparsity"] == load_architecture(str(sparse_run)).subnets.measures["sparsity"]
    assert values["figures"] == [str(tmp_path / "mask_overlap.png")]
    mixed = json.loads(hf_sluice("inspect", sparse_run, demo_run, "--json").out)
    assert (mixed["alpha"], mixed["masks"], "figures" in mixed) == (None, None, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no/such/folder",), "no/such/folder: no such folder"),
        (("{run}", "--layer", 1), "--layer is for one model; two are compared in all layers"),
    ],
)
def test_bad_input_is_one_line(hf_sluice, demo_run, arguments, message):
    done = hf_sluice("inspect", demo_run, *(str(argument).format(run=demo_run) for argument in arguments))
    assert (done.code, done.out, done.err) == (2, "", f"hf-sluice: {message}\n")
