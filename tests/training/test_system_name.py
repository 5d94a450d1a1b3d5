from __future__ import annotations

import pytest

from hf_sluice.recipe import Recipe
from hf_sluice.training.system_name import system_name


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "sluice"),
        ({"model": {"sharing": "hard_sharing"}}, "hard sharing"),
        ({"model": {"model_type": "sparse_sharing"}}, "sparse sharing"),
        *(
            ({"model": {"model_type": "sparse_sharing"}, "masks": {"method": method}}, name)
            for method, name in {
                "magnitude": "sparse sharing",
                "scores": "sparse sharing, trained scores",
                "random": "random masks",
                "all": "hard sharing",
                "layers": "hierarchical sharing",
            }.items()
        ),
    ],
    ids=str,
)
def test_a_system_is_called_what_the_papers_call_it(values, name):
    assert system_name(Recipe(tasks=["pos"], output="run", **values)) == name
