import pytest
import torch

from hf_sluice.errors import RecipeError
from hf_sluice.recipe import Recipe
from hf_sluice.training.recurrent_backend import used_backends
from hf_sluice.training.run import train_recipe
from tests.training.tiny_training import SIZES, copy_of, demo, new_model, new_tokenizer, new_trainer


def recipe_of(output, backend):
    return Recipe(
        data={"options": {"train_sentences": 24, "validation_sentences": 8, "test_sentences": 8}},
        tasks=["pos"],
        model=SIZES | {"recurrent_backend": backend},
        training={"epochs": 1, "batch_size": 8},
        baselines=[],
        output=str(output),
    )


def test_a_run_records_what_computed_it(tmp_path):
    results = train_recipe(recipe_of(tmp_path / "run", "stacked")).read_results()
    assert results["recurrent_backends"] == ["stacked"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_an_impossible_backend_ends_in_one_line_before_anything_is_written(tmp_path):
    with pytest.raises(RecipeError, match=r"^model\.recurrent_backend 'triton' is impossible: .*GPU.*$"):
        train_recipe(recipe_of(tmp_path / "run", "triton"))
    assert not (tmp_path / "run").exists()


def test_nothing_is_known_of_a_model_that_was_not_used():
    corpus = demo()
    assert used_backends(new_model(new_tokenizer(corpus), corpus.tasks)) == []


def test_training_does_not_depend_on_the_backend(tmp_path):
    corpus = demo(train=24)
    trained = {}
    for backend in ("fused", "stacked"):
        model = new_model(new_tokenizer(corpus), corpus.tasks, recurrent_backend=backend).double()
        trainer = new_trainer(corpus, tmp_path / backend, model=model, epochs=1)
        trainer.train()
        trained[backend] = copy_of(trainer.model)
    for name, value in trained["fused"].items():
        torch.testing.assert_close(trained["stacked"][name], value, rtol=1e-9, atol=1e-10, msg=name)
