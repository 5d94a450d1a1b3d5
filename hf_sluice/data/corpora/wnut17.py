"""WNUT-17, emerging and rare entities (Derczynski et al. 2017): names of six types in noisy text, mostly unseen before.

The split is the published one, whose parts differ on purpose: tweets for training, comments of YouTube for validation,
texts of Twitter, Reddit and Stack Overflow for testing, which is why there are no domains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.locate import find_file
from hf_sluice.data.corpora.selection import choose_tasks, span_task
from hf_sluice.data.formats.columns import ColumnFormat, Separator, read_columns
from hf_sluice.data.label_sets import with_label_sets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

TASKS = (span_task("ner"),)
"""Names (corporation, creative-work, group, location, person, product)."""

_SPLIT_FILES = {"train": "wnut17train.conll", "validation": "emerging.dev.conll", "test": "emerging.test.annotated"}
_FORMAT = ColumnFormat(("token", "ner"), {"ner": "ner"}, separator=Separator.TAB, document_start=None)


def load(*, tasks: Sequence[str] | None = None, root: Path) -> TaggingCorpus:
    """Loads the corpus from the folder ``wnut17``.

    The label set is that of all splits.

    Args:
        tasks: ``ner``, which is also the default.
        root: the folder that holds ``wnut17``.

    Raises:
        UserError: an unknown task; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "wnut17")
    files = {split: find_file(root / "wnut17", name) for split, name in _SPLIT_FILES.items()}
    splits = {split: list(read_columns(path, _FORMAT)) for split, path in files.items()}
    return assemble(splits, with_label_sets(chosen, [s for sentences in splits.values() for s in sentences]))
