"""A corpus out of a data set of the `datasets` library, one that ``hf-sluice data`` saved or pushed among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.saved_tasks import ask_for
from hf_sluice.data.corpora.split_files import SPLITS, split_files
from hf_sluice.data.formats.hf_datasets import DatasetLayout, domain_names, read_rows, with_class_labels
from hf_sluice.data.formats.hf_opening import Rows, open_dataset, open_files
from hf_sluice.data.formats.hf_task_file import find_task_file
from hf_sluice.data.scheme_conversion import convert_scheme
from hf_sluice.data.task_file import TaskFile
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.data.corpora.split_files import Files
    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.tasks import Task


def load(
    *,
    tasks: Sequence[str | Task | Mapping[str, Any]] | None,
    root: Path | None,
    path: str | Path | None = None,
    files: Files | None = None,
    config: str | None = None,
    revision: str | None = None,
    splits: Mapping[str, str] | None = None,
    tokens_column: str = "tokens",
    domain_column: str | None = None,
    sent_id_column: str | None = None,
) -> TaggingCorpus:
    """Loads a data set.

    Args:
        tasks: see :func:`ask_for`; of a corpus that ``hf-sluice data`` saved names are enough, and None means all. A
            classification task without labels gets those of its ClassLabel column.
        root: the folder that relative paths start from.
        path: a Hub id, or a folder: of a saved DatasetDict, or of data files.
        files: in place of ``path``, per split its Parquet, JSON or JSON-lines files (:func:`split_files`).
        config: the configuration of a data set that has several.
        revision: branch, tag or commit on the Hub.
        splits: per split of the corpus (``train``, ``validation``, ``test``) that of the data set, for example
            ``{"train": "train", "validation": "dev"}``; those not named are left out. By default the three have the
            same names, or with ``files`` those that have files, or of a saved corpus those that there are.
        tokens_column: the column of the words.
        domain_column: the column of the domain, by default ``domain`` where there is one.
        sent_id_column: the column of the sentence ids, by default ``sent_id`` where there is one.

    Raises:
        UserError: a data set, split or column that is not there; a DataError names the row.
    """
    source, saved = str(path), None
    if files is not None and path is None:
        resolved = split_files(files, root)
        source = ", ".join(dict.fromkeys(str(file) for named in resolved.values() for file in named))
        opened = open_files(resolved)
        wanted = splits or {split: split for split in opened}
    elif path is not None and files is None:
        place = _local_or_hub(path, root)
        needs_description = tasks is None or any(isinstance(task, str) for task in tasks)
        saved = find_task_file(place, revision, is_needed=needs_description)
        opened = open_dataset(place, config, revision)
        wanted = splits or {split: split for split in SPLITS if saved is None or split in opened}
    else:
        raise UserError("corpus 'datasets': give either path or files")
    saved = saved or TaskFile(())
    asked = ask_for(tasks, saved.tasks, source)
    layout = DatasetLayout(asked.columns, tokens_column, domain_column, sent_id_column)
    chosen = _choose(opened, wanted, source)
    first = next(iter(chosen.values()))
    layout.check(first.features or {}, source)
    complete = with_class_labels(asked.tasks, first, layout)
    corpus = assemble(
        {split: read_rows(rows, split, source, complete, layout) for split, rows in chosen.items()},
        complete,
        saved.notes,
        domains=domain_names(first, layout) if saved.tasks else (),
    )
    for name, scheme in asked.schemes.items():
        corpus = convert_scheme(corpus, name, scheme)
    return corpus


def _local_or_hub(path: str | Path, root: Path | None) -> Path | str:
    local = (root or Path()) / path
    return local if local.exists() else str(path)


def _choose(opened: Mapping[str, Rows], wanted: Mapping[str, str], source: str) -> dict[str, Rows]:
    unknown = [split for split in wanted if split not in SPLITS]
    if unknown:
        raise UserError(f"splits: {unknown[0]!r} is not one of {', '.join(SPLITS)}")
    missing = [theirs for theirs in wanted.values() if theirs not in opened]
    if missing:
        raise UserError(
            f"data set {source!r} has no split {', '.join(map(repr, missing))}; it has {', '.join(opened)}; "
            "say which to use, for example splits={'train': 'train', 'validation': 'dev', 'test': 'test'}"
        )
    return {split: opened[theirs] for split, theirs in wanted.items()}
