from __future__ import annotations

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import RecipeError
from hf_sluice.experiments.relations.known_words import known_words
from hf_sluice.recipe import Recipe
from hf_sluice.tasks import Task

CORPUS = assemble({"train": [Sentence(["The", "Dog", "barks"], {"pos": ["D", "N", "V"]}, "1", None)]},
                  [Task("pos", ("D", "N", "V"))])  # fmt: skip


def recipe(path):
    return Recipe(
        tasks=["pos"], output="run", model={"word_embedding_size": 2}, tokenizer={"word_vectors": path and str(path)}
    )


def test_words_of_training_that_the_file_has_are_known(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("the 1 2\nDog 3 4\ncat 5 6\n", encoding="utf-8")

    assert known_words(recipe(path), CORPUS) == {"the", "dog"}


def test_without_vectors_nothing_is_known_of_words():
    assert known_words(recipe(None), CORPUS) is None


def test_a_file_of_something_else_is_told(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("the 1.0 2.0 3.0\n", encoding="utf-8")

    with pytest.raises(RecipeError, match=r"tokenizer.word_vectors: .*vectors.txt:1: the line has 3 values"):
        known_words(recipe(path), CORPUS)
