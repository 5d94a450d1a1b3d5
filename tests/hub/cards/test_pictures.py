from __future__ import annotations

import pytest

from hf_sluice.hub.cards.pictures import draw, sharing_tables
from tests.analysis.small_subnets import small_search
from tests.hub.cards.small_records import POS, TOKENIZER, record_of
from tests.training.tiny_training import new_model

PNG = b"\x89PNG\r\n\x1a\n"


def searched():
    model, search = small_search(3)
    return record_of((), model=model, search=search)


@pytest.mark.parametrize(
    ("record", "names"),
    [
        (record_of(), ["alpha", "beta"]),
        (record_of((POS,), model=new_model(TOKENIZER, (POS,), sharing="single_task")), ["beta"]),
        (searched(), ["sparsity", "overlap", "scores", "overlap_by_round"]),
    ],
)
def test_what_there_is_is_drawn_small(record, names, tmp_path):
    pictures = draw(record, tmp_path)

    assert [picture.file for picture in pictures] == [f"figures/{name}.png" for name in names]
    assert all(picture.caption for picture in pictures)
    for picture in pictures:
        content = (tmp_path / picture.file).read_bytes()
        assert content.startswith(PNG)
        assert len(content) < 100_000


def test_their_numbers_are_there_as_tables():
    assert sharing_tables(record_of())[0].title == "Shares of |α|, all layers"
    assert sharing_tables(searched())[0].title.startswith("Subnets: what remains of")
