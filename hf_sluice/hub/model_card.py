"""Model cards: what a run recorded and a model learned, as the page that the Hub shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huggingface_hub import ModelCard
from huggingface_hub.utils import HFValidationError, validate_repo_id

from hf_sluice.errors import UserError
from hf_sluice.hub.cards.contents import contents
from hf_sluice.hub.cards.metadata import card_metadata
from hf_sluice.hub.cards.page import render
from hf_sluice.hub.cards.pictures import draw
from hf_sluice.hub.cards.record import CardRecord
from hf_sluice.hub.cards.scores import CardScores
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.hub.cards.pictures import Picture

CARD = "README.md"


def write_model_card(model_folder: Path, target: Path, *, run_folder: Path | None, repo_id: str | None) -> None:
    """Writes the card of a model: ``README.md``, and the pictures in it into ``figures/``.

    What is not on record is not in the card: of a model alone neither scores nor data are known.

    Args:
        model_folder: the folder of ``save_pretrained``.
        target: the folder of the card, made where it is missing.
        run_folder: of the run that trained the model; None where there is none.
        repo_id: ``user/name`` on the Hub; None where it is not known: then examples load from the folder they are run
            in.

    Raises:
        UserError: model or record is missing or damaged, or they are not of one model; the name cannot be one on the
            Hub; or the card cannot be written.
    """
    if repo_id is not None:
        _check_name(repo_id)
    record = CardRecord.read(model_folder, run_folder, repo_id)
    name = repo_id.rpartition("/")[2] if repo_id else (run_folder or model_folder).resolve().name
    pictures = draw(record, target)
    with write_whole(target / CARD) as file:
        file.write(card_text(record, name, pictures))


def card_text(record: CardRecord, name: str, pictures: Sequence[Picture]) -> str:
    """The whole text of a card, its metadata before it.

    Args:
        record: of the model.
        name: of the model.
        pictures: those drawn.
    """
    sources, scores = Sources.of_recipe(record.recipe), CardScores.of(record)
    metadata = card_metadata(record, sources, scores, name)
    page = render(contents(record, sources, scores, name, pictures))
    return str(ModelCard(f"---\n{metadata.to_yaml()}\n---\n\n{page}"))


def _check_name(repo_id: str) -> None:
    try:
        validate_repo_id(repo_id)
    except HFValidationError:
        raise UserError(f"{repo_id!r} cannot be a name on the Hub; user/name is expected") from None
