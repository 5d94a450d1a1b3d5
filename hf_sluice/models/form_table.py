"""Puts the character tables of separately encoded sentences together into one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def merge_form_tables(
    tables: Sequence[Sequence[Sequence[int]]], indices: Sequence[Sequence[int]]
) -> tuple[list[list[int]], list[list[int]]]:
    """Merges the distinct forms of several sentences, equal ones becoming one row.

    Args:
        tables: per sentence (U_i, C_i) character ids, padded with 0 on the right.
        indices: per sentence the row of its table for each of its words.

    Returns:
        One table (U, C), its rows in the order in which the words first show them, at least one; and the rows of each
        sentence's words in it.
    """
    numbers: dict[tuple[int, ...], int] = {}
    merged = [
        [numbers.setdefault(_without_padding(table[row]), len(numbers)) for row in rows]
        for table, rows in zip(tables, indices, strict=True)
    ]
    width = max(map(len, numbers), default=1)
    forms = [[*form, *[0] * (width - len(form))] for form in numbers]
    return forms or [[0]], merged


def _without_padding(row: Sequence[int]) -> tuple[int, ...]:
    return tuple(character for character in row if character != 0)
