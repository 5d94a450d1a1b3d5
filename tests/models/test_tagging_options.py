import pytest

from hf_sluice.models.tagging_options import TaggingOptions


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"aggregation_strategy": "first"}, "aggregation_strategy 'first' is none of none, simple; every word is one"),
        ({"window_size": 0}, "window_size should be a whole number of at least 1, not 0"),
        ({"window_size": 2.5}, "window_size should be a whole number of at least 1, not 2.5"),
        ({"batch_size": True}, "batch_size should be a whole number of at least 1, not True"),
        ({"top_k": 0}, "top_k should be a whole number of at least 1, not 0"),
        ({"window_size": 8, "overlap": 8}, "overlap should be from 0 to window_size - 1 = 7, not 8"),
        ({"overlap": -1}, "overlap should be from 0 to window_size - 1 = 511, not -1"),
        ({"split_lines": True, "is_split_into_words": True}, "split_lines is for raw text"),
    ],
)
def test_what_cannot_be_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        TaggingOptions(("pos",), **values)


def test_windows_have_a_quarter_in_common_unless_told_otherwise():
    assert TaggingOptions(("pos",)).common_words == 128
    assert TaggingOptions(("pos",), window_size=10).common_words == 2
    assert TaggingOptions(("pos",), window_size=1).common_words == 0
    assert TaggingOptions(("pos",), overlap=0).common_words == 0
