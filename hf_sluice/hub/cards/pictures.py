"""What a model shares, in pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.figure_file import save_figure
from hf_sluice.analysis.mask_figures import mask_figures
from hf_sluice.analysis.sharing_figures import sharing_figures
from hf_sluice.analysis.sharing_tables import Sharing, alpha_tables, beta_table, shares_table
from hf_sluice.analysis.subnet_summary import SubnetSummary
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.figure import Figure

    from hf_sluice.evaluation.tables import TextTable
    from hf_sluice.hub.cards.record import CardRecord

FOLDER = "figures"

_CAPTIONS = {
    "alpha": (
        "α: how much the network in a row (target) draws from the network in a column (source), per layer, subspace by "
        "subspace"
    ),
    "beta": "β: how much each task reads from each layer",
    "sparsity": "How much of the weights of each layer remains for each task",
    "overlap": "Overlap ratios: of the weights that either of two tasks uses, the share that both use",
    "scores": "Development scores of the candidates of the search, by the share of the weights that remains",
    "overlap_by_round": "Overlap ratios round by round of the search",
}
_DOTS_PER_INCH = 80  # pictures of a page, not of a printed paper; a file stays below 100 kB


@dataclass(frozen=True)
class Picture:
    """A picture of a card.

    Args:
        file: its path from the card.
        caption: what it shows.
    """

    file: str
    caption: str


def draw(record: CardRecord, target: Path) -> list[Picture]:
    """Draws what a model shares.

    Args:
        record: of the model.
        target: the folder of the card; the pictures go into ``figures/`` in it.

    Raises:
        UserError: they cannot be written.
    """
    pictures = []
    for name, figure in _figures(record).items():
        save_figure(figure, target / FOLDER / f"{name}.png", dots_per_inch=_DOTS_PER_INCH)
        pictures.append(Picture(f"{FOLDER}/{name}.png", _CAPTIONS[name]))
    return pictures


def sharing_tables(record: CardRecord) -> list[TextTable]:
    """The numbers of the pictures."""
    model: Any = record.tagger.model
    if isinstance(model, SparseSharingForTokenClassification):
        return SubnetSummary(model, record.search).tables()
    sharing = Sharing.of_model(model)
    return [shares_table(sharing), *alpha_tables(sharing), beta_table(sharing)]


def _figures(record: CardRecord) -> Mapping[str, Figure]:
    model: Any = record.tagger.model
    if isinstance(model, SparseSharingForTokenClassification):
        return mask_figures(SubnetSummary(model, record.search))
    figures = sharing_figures(model)
    if len(model.config.tasks) == 1:
        del figures["alpha"]  # one network, which draws from itself
    return figures
