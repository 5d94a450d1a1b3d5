"""A corpus of the user's own column files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.split_files import split_files
from hf_sluice.data.corpora.task_columns import numeric_tasks, task_columns
from hf_sluice.data.domains import DomainRule
from hf_sluice.data.formats.columns import ColumnFormat, Separator, read_columns
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.corpora.split_files import Files
    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.tasks import Task


def load(
    *,
    tasks: Sequence[str | Task | Mapping[str, Any]] | None,
    root: Path | None,
    files: Files,
    columns: Sequence[str],
    word: str = "token",
    separator: str = "whitespace",
    document_start: str | None = "-DOCSTART-",
    comment_prefix: str | None = None,
    missing: str | None = None,
    empty_word: str | None = None,
    domain: str | Mapping[str, Any] | DomainRule | None = None,
    suffix: str = "",
) -> TaggingCorpus:
    """Loads column files; what the options mean, :class:`ColumnFormat` says.

    Args:
        tasks: see :func:`task_columns`.
        root: see :func:`split_files`.
        files: see :func:`split_files`; tar archives too.
        columns: the names of all columns, in order.
        word: the column of the words.
        separator: ``whitespace`` or ``tab``.
        document_start: the word that begins a document.
        comment_prefix: what begins a comment.
        missing: the cell of a word that is not annotated.
        empty_word: what to put for an empty word.
        domain: a name, or a mapping with ``source`` and ``pattern`` (:class:`DomainRule`).
        suffix: how the names of an archive's files end that are read.

    Raises:
        UserError: options that contradict each other or the files; a DataError names file and line.
    """
    described, layers = task_columns(tasks)
    form = ColumnFormat(
        columns=tuple(columns),
        layers=layers,
        word=word,
        numeric=numeric_tasks(described),
        separator=_separator(separator),
        document_start=document_start,
        comment_prefix=comment_prefix,
        missing=missing,
        empty_word=empty_word,
        domain=DomainRule.read(domain),
    )
    splits = {
        split: (sentence for path in paths for sentence in read_columns(path, form, suffix))
        for split, paths in split_files(files, root).items()
    }
    return assemble(splits, described)


def _separator(value: str) -> Separator:
    try:
        return Separator(value)
    except ValueError:
        raise UserError(f"separator {value!r} is not one of {', '.join(Separator)}") from None
