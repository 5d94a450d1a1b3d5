from __future__ import annotations

import pytest
import yaml
from huggingface_hub import ModelCard

from hf_sluice.hub.cards.metadata import card_metadata
from hf_sluice.hub.cards.scores import CardScores
from hf_sluice.hub.cards.sources import Sources
from tests.hub.cards.small_records import AGE, NER, POS, full_record, new_sparse_model, recipe_of, record_of


def metadata_of(record, name="small"):
    return card_metadata(record, Sources.of_recipe(record.recipe), CardScores.of(record), name)


def results(record):
    return metadata_of(record).to_dict()["model-index"][0]["results"]


def test_each_task_has_its_own_results_in_each_domain():
    found = results(full_record())

    assert [(result["task"]["name"], result["dataset"]["config"]) for result in found] == [
        (task, f"{task}/{domain}") for task in ("pos", "ner") for domain in ("blog", "news", "chat", "all")
    ]
    assert {result["task"]["type"] for result in found} == {"token-classification"}
    assert {(result["dataset"]["type"], result["dataset"]["split"]) for result in found} == {("demo", "test")}


def test_it_is_said_which_domains_were_trained_on():
    assert [result["dataset"].get("args") for result in results(full_record((POS,)))] == [
        {"trained_on": True}, {"trained_on": True}, {"trained_on": False}, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("task", "metrics"),
    [(POS, {"accuracy": 0.7}), (NER, {"f1", "precision", "recall", "accuracy"}), (AGE, {"mse": 0.3})],
)
def test_metrics_have_the_names_of_the_hub_and_are_plain_numbers(task, metrics):
    record = full_record((task,))
    (of_all,) = [result for result in results(record) if result["dataset"]["config"].endswith("/all")]
    found = {metric["type"]: metric["value"] for metric in of_all["metrics"]}

    assert found == pytest.approx(metrics) if isinstance(metrics, dict) else set(found) == metrics
    assert {type(value) for value in found.values()} == {float}
    assert metadata_of(record).metrics[0] == of_all["metrics"][0]["type"]


def test_all_of_it_comes_back_out_of_a_card():
    metadata = metadata_of(full_record())

    assert ModelCard(f"---\n{metadata.to_yaml()}\n---\n\ntext\n").data.to_dict() == metadata.to_dict()


def test_of_a_model_alone_nothing_is_claimed():
    assert yaml.safe_load(metadata_of(record_of()).to_yaml()) == {
        "library_name": "transformers",
        "pipeline_tag": "token-classification",
        "tags": ["hf_sluice", "multi-task-learning", "sequence-tagging", "sluice"],
    }


def test_language_licence_and_tags_are_those_of_a_corpus_that_is_known():
    known = metadata_of(record_of(recipe=recipe_of((POS, NER), data={"corpus": "gum"})))
    unknown = metadata_of(record_of(recipe=recipe_of((POS, NER), data={"corpus": "columns"})))

    assert (known.language, known.license, known.license_name) == (["en"], "other", "licences-of-the-training-data")
    assert known.tags[-2:] == ["part-of-speech-tagging", "named-entity-recognition"]
    assert known["widget"][0]["text"]
    assert (unknown.language, unknown.license, unknown.get("widget")) == (None, None, None)
    assert "named-entity-recognition" not in unknown.tags


def test_the_way_of_sharing_is_a_tag():
    assert "sparse-sharing" in metadata_of(record_of(model=new_sparse_model((POS, NER)))).tags


def test_a_data_set_of_the_hub_is_named():
    options = {"path": "user/corpus", "revision": "v1"}
    metadata = metadata_of(record_of(recipe=recipe_of((POS,), data={"corpus": "datasets", "options": options})))

    assert metadata.datasets == ["user/corpus"]


def test_names_with_lines_of_their_own_stay_within_the_metadata():
    record = full_record((POS,), domains=("a\n---\nb", "blog"), trained=("blog",))
    metadata = metadata_of(record, "x\n---\n<script>")
    card = ModelCard(f"---\n{metadata.to_yaml()}\n---\n\ntext\n")

    assert card.data.to_dict() == metadata.to_dict()
    assert card.text == "\n\ntext\n"[1:]
