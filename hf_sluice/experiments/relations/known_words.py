"""The words of a corpus that a file of pretrained vectors has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.data.word_arrays import word_arrays
from hf_sluice.errors import RecipeError
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.word_vectors import load_word_vectors

if TYPE_CHECKING:
    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.recipe import Recipe


def known_words(recipe: Recipe, corpus: TaggingCorpus) -> frozenset[str] | None:
    """Those of the training words that start from a pretrained vector; None where the recipe names no vectors.

    Args:
        recipe: with ``tokenizer.word_vectors`` or without.
        corpus: its sentences.

    Raises:
        RecipeError: the file is none of word vectors.
    """
    path = recipe.tokenizer.word_vectors
    if path is None:
        return None
    forms = word_arrays(corpus["train"]).forms
    dimension = recipe.model.get("word_embedding_size", SluiceConfig().word_embedding_size)
    try:
        _, is_known = load_word_vectors(path, {form: row for row, form in enumerate(forms)}, dimension)
    except ValueError as error:
        raise RecipeError(f"tokenizer.word_vectors: {error}") from None
    return frozenset(forms[row] for row in np.flatnonzero(is_known))
