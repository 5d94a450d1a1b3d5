from __future__ import annotations

import pytest

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.data.load import _NEEDS_ROOT, FORMATS, task_names
from hf_sluice.data.task_descriptions import _DESCRIPTIONS, describe_task

CORPORA = sorted({*_NEEDS_ROOT} - {*FORMATS, "combined"})


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_task_of_every_corpus_is_described(corpus):
    assert source_of(corpus) is not None
    assert list(_DESCRIPTIONS[corpus]) == task_names(corpus, {})
    assert all(describe_task(corpus, task) for task in task_names(corpus, {}))


@pytest.mark.parametrize(("corpus", "task"), [("columns", "pos"), ("ewt", "sentiment"), ("combined", "pos")])
def test_what_is_not_known_is_not_described(corpus, task):
    assert describe_task(corpus, task) is None
