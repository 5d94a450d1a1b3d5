import itertools

import pytest

from hf_sluice.models.label_spans import read_spans
from hf_sluice.tagging import label_set, spans_of
from hf_sluice.tasks import TaggingScheme


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "BIOES"])
def test_every_sequence_is_read_as_the_scores_read_it(scheme):
    """One definition in two places, since what travels with a model imports nothing else."""
    labels = label_set(["X", "Y-Z"], TaggingScheme(scheme))
    for length in range(5 if scheme == "BIOES" else 6):
        for sequence in itertools.product(labels, repeat=length):
            assert read_spans(sequence, scheme) == spans_of(sequence, TaggingScheme(scheme)), sequence


@pytest.mark.parametrize("label", ["X", "E-X", "B-", "-X", "", "BX"])
def test_a_label_of_another_scheme_is_refused(label):
    with pytest.raises(ValueError, match=f"label {label!r} is not IOB2"):
        read_spans(["O", label], "IOB2")
