"""A corpus of the user's own CoNLL-U files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.split_files import split_files
from hf_sluice.data.corpora.task_columns import numeric_tasks, task_columns
from hf_sluice.data.domains import DomainRule
from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.data.formats.conllu_layers import ConlluLayer, to_sentence

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
    domain: str | Mapping[str, Any] | DomainRule | None = None,
    suffix: str = ".conllu",
) -> TaggingCorpus:
    """Loads CoNLL-U files.

    Args:
        tasks: see :func:`task_columns`; a column is an address such as ``upos`` or ``misc:SpaceAfter``
            (:class:`ConlluLayer`).
        root: see :func:`split_files`.
        files: see :func:`split_files`; tar archives too.
        domain: a name, or a mapping with ``source`` (``file``, ``sent_id`` or a metadata key) and ``pattern``.
        suffix: how the names of an archive's files end that are read.

    Raises:
        UserError: options that contradict each other or the files; a DataError names file and line.
    """
    described, addresses = task_columns(tasks)
    numeric = numeric_tasks(described)
    layers = {task: ConlluLayer.parse(address, numeric=task in numeric) for task, address in addresses.items()}
    rule = DomainRule.read(domain)
    splits = {
        split: (to_sentence(read, layers, rule) for path in paths for read in read_conllu(path, suffix))
        for split, paths in split_files(files, root).items()
    }
    return assemble(splits, described)
