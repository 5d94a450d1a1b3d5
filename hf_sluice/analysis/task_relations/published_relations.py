"""The predictor that comes with the package, fitted to the published curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.published_features import published_features
from hf_sluice.analysis.task_relations.relations import TaskRelations

if TYPE_CHECKING:
    from hf_sluice.analysis.task_relations.published import Published

_SOURCE = (
    "Joachim Bingel and Anders Søgaard (2017), Identifying beneficial task relations for multi-task learning in deep "
    "neural networks: Table 1, and features of the learning curves of https://github.com/jbingel/eacl2017_mtl, commit "
    "57c9cbc. Gains are relative changes of development F1 in per cent, one run each: the task alone at iteration "
    "50,000 against the pair at 100,000."
)
_DIGITS = 4  # of gains, after the decimal point; the logs' scores have five


def published_relations(published: Published) -> TaskRelations:
    """All features and gains of the ten tasks, with a predictor that reads the default features."""
    gains = published.gains.round({"gain": _DIGITS})
    return TaskRelations.from_tables(published_features(published), gains, _SOURCE).fit()
