from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.prediction.chosen_tasks import choose_tasks

KNOWN = ["pos", "chunk", "ner"]


@pytest.mark.parametrize(
    ("asked", "chosen"), [(None, KNOWN), ([], KNOWN), (["ner", "pos"], ["ner", "pos"]), (["pos", "pos"], ["pos"])]
)
def test_tasks_come_once_and_in_the_order_asked_for(asked, chosen):
    assert choose_tasks(KNOWN, asked) == chosen


def test_an_unknown_task_is_an_error():
    with pytest.raises(UserError, match="task 'nre' is none of the model's tasks: pos, chunk, ner"):
        choose_tasks(KNOWN, ["pos", "nre"])
