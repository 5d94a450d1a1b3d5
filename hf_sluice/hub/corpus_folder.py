"""A corpus as a folder that ``datasets`` and the Hub know what to do with: Parquet, a card, and what its tasks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.statistics import describe
from hf_sluice.data.task_file import TaskFile
from hf_sluice.hub.dataset_card import dataset_card
from hf_sluice.hub.dataset_metadata import data_file
from hf_sluice.models.generated_card import signed
from hf_sluice.new_folder import new_folder

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.hub.corpus_origin import CorpusOrigin


def save_corpus(corpus: TaggingCorpus, folder: Path, origin: CorpusOrigin, repo_id: str | None = None) -> None:
    """Writes a corpus into a new folder, from which it can be loaded, trained on and pushed.

    Args:
        corpus: the corpus.
        folder: it may be there if it is empty.
        origin: for the card.
        repo_id: where the folder is to stand on the Hub, if it is.

    Raises:
        UserError: there is something in the way, or the folder cannot be written.
    """
    with new_folder(folder) as aside:
        fill_folder(corpus, aside, origin, repo_id)


def fill_folder(corpus: TaggingCorpus, folder: Path, origin: CorpusOrigin, repo_id: str | None = None) -> None:
    """Writes the files: per split ``data/<split>-00000-of-00001.parquet``; ``tasks.json`` and ``README.md``.

    Args:
        corpus: as for :func:`save_corpus`, and so are the others.
        folder: an empty folder.
        origin: for the card.
        repo_id: where the folder is to stand on the Hub.
    """
    (folder / "data").mkdir()
    for split, data in corpus.items():
        data.to_parquet(folder / data_file(split))
    TaskFile(corpus.tasks, corpus.notes, origin.names).write(folder)
    card = dataset_card(corpus, describe(corpus), origin, folder, repo_id)
    (folder / "README.md").write_text(signed(card), encoding="utf-8")
