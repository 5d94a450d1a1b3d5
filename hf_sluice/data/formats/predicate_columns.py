"""Predicates and their arguments out of the bracketed columns of the CoNLL formats, one column per predicate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.formats.span_columns import spans_of_column
from hf_sluice.data.srl import Predicate
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.data.sentence import Place


def read_predicates(
    lemmas: Sequence[str], rolesets: Sequence[str], columns: Sequence[Sequence[str]], place: Place
) -> tuple[Predicate, ...]:
    """The predicates of a sentence: the n-th word with a roleset owns the n-th column of arguments.

    Args:
        lemmas: per word the frame or lemma.
        rolesets: per word the roleset, ``-`` for none.
        columns: one bracketed column per predicate.
        place: where the first row stands.

    Raises:
        DataError: more or fewer columns than words with a roleset, or brackets that do not match.
    """
    indices = [i for i, roleset in enumerate(rolesets) if roleset != "-"]
    if len(indices) != len(columns):
        raise DataError(
            place.path,
            place.line,
            f"{len(columns)} columns of arguments for {len(indices)} words with a roleset; one per word is expected",
        )
    return tuple(
        Predicate(i, lemmas[i], rolesets[i], tuple(spans_of_column(column, place, f"arguments of word {i}")))
        for i, column in zip(indices, columns, strict=True)
    )
