from __future__ import annotations

import json

from hf_sluice.training.run_folder import RunFolder


def test_a_saved_run_has_the_scores_that_training_found(hf_sluice, demo_run, tmp_path):
    results = RunFolder(demo_run).read_results()["scores"]["sluice"]
    for split in ("test", "validation"):
        done = hf_sluice("evaluate", demo_run, "--split", split, "--json", tmp_path / "scores.json")

        assert (done.code, done.err) == (0, "")
        assert f"Scores on {split}" in done.out
        found = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
        assert found["split"] == split
        assert [(row["task"], row["domain"], row["metric"], row["value"]) for row in found["scores"]] == [
            (row.task, row.domain, row.metric, row.value) for row in results[split]
        ]


def test_details_show_types_of_spans(hf_sluice, demo_run):
    brief, detailed = hf_sluice("evaluate", demo_run), hf_sluice("evaluate", demo_run, "--details")

    assert "precision" not in brief.out
    assert "precision" in detailed.out
    assert len(detailed.out.splitlines()) > len(brief.out.splitlines())


def test_another_recipe_may_have_other_tasks(hf_sluice, demo_run, tmp_path):
    recipe = tmp_path / "other.yaml"
    recipe.write_text("tasks: [srl, pos]\ndata: {options: {train_sentences: 8, test_sentences: 8}}\n", encoding="utf-8")
    done = hf_sluice("evaluate", demo_run, "--recipe", recipe, "--set", "data.test_domains=[chat]")

    assert done.code == 0
    assert "task chunk: not in the data" in done.out
    assert "task srl: in the data, not in the model" in done.out
    assert "chat" in done.out
    assert "news" not in done.out


def test_a_model_folder_alone_needs_a_recipe(hf_sluice, demo_run, tmp_path):
    (tmp_path / "copy").symlink_to(demo_run / "model")
    assert hf_sluice("evaluate", demo_run / "model").code == 0
    done = hf_sluice("evaluate", demo_run / "single_task" / "pos" / "model", "--recipe", demo_run / "recipe.yaml")
    assert done.code == 0
    assert "task ner: in the data, not in the model" in done.out


def test_masks_are_told_from_networks(hf_sluice, sparse_run):
    done = hf_sluice("evaluate", sparse_run)

    assert (done.code, done.err) == (0, "")
    assert "sparse sharing" in done.out
