from __future__ import annotations

import re

import pytest

from hf_sluice.hub.cards.papers import citations
from hf_sluice.hub.cards.sources import Sources
from tests.hub.cards.small_records import NER, POS, TOKENIZER, new_sparse_model, recipe_of, record_of
from tests.training.tiny_training import new_model


def keys(record, corpus="demo"):
    recipe = recipe_of((POS, NER), data={"corpus": corpus})
    return re.findall(r"^@\w+\{(\w+),$", citations(record, Sources.of_recipe(recipe)), re.MULTILINE)


@pytest.mark.parametrize(
    ("model", "cited"),
    [
        (new_model(TOKENIZER, (POS, NER)), ["ruder2019latent"]),
        (new_model(TOKENIZER, (POS, NER), sharing="low_supervision"), ["sogaard2016deep", "ruder2019latent"]),
        (new_model(TOKENIZER, (POS, NER), sharing="cross_stitch"), ["misra2016cross", "ruder2019latent"]),
        (new_sparse_model((POS, NER)), ["sun2020learning"]),
    ],
)
def test_the_method_is_cited(model, cited):
    assert keys(record_of(model=model)) == cited


def test_the_corpora_are_cited_once():
    assert keys(record_of(), "ewt") == [
        "ruder2019latent",
        "silveira2014gold",
        "mayhew2024universal",
        "pradhan2022propbank",
    ]
