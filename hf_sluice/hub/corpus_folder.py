"""A corpus as a folder that ``datasets`` and the Hub know what to do with: Parquet, a card, and what its tasks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.task_file import TaskFile
from hf_sluice.hub.dataset_card import dataset_card
from hf_sluice.hub.dataset_metadata import data_file
from hf_sluice.models.generated_card import signed
from hf_sluice.new_folder import new_folder

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.hub.corpus_origin import CorpusOrigin


def save_corpus(corpus: TaggingCorpus, folder: Path, origin: CorpusOrigin) -> None:
    """Writes a corpus into a new folder, from which it can be loaded, trained on and pushed.

    Args:
        corpus: the corpus.
        folder: it may be there if it is empty.
        origin: for the card.

    Raises:
        UserError: there is something in the way, or the folder cannot be written.
    """
    with new_folder(folder) as aside:
        fill_folder(corpus, aside, origin, folder.resolve().name, is_published=False)


def fill_folder(corpus: TaggingCorpus, folder: Path, origin: CorpusOrigin, place: str, *, is_published: bool) -> None:
    """Writes the files: per split ``data/<split>-00000-of-00001.parquet``; ``tasks.json`` and ``README.md``.

    Args:
        corpus: as for :func:`save_corpus`, and so are the others.
        folder: an empty folder.
        origin: for the card.
        place: the name that the folder is to have, on the Hub or on this machine.
        is_published: whether it is to stand on the Hub.
    """
    (folder / "data").mkdir()
    for split, data in corpus.items():
        data.to_parquet(folder / data_file(split))
    TaskFile(corpus.tasks, corpus.notes, origin.names).write(folder)
    card = dataset_card(corpus, origin, folder, place, is_published=is_published)
    (folder / "README.md").write_text(signed(card), encoding="utf-8")
