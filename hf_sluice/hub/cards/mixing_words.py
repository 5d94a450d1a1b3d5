"""What α and β of a sluice network came to, in sentences that the numbers bear out.

Shape letters: M tasks, K layers, N networks, S subspaces, U = N·S.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.sharing_tables import Sharing
from hf_sluice.hub.cards.markdown import Markdown, listed, written
from hf_sluice.models.sharing_table import sharing_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification

_ALIKE = 0.02
"""Shares that differ by less than two hundredths are called alike; two decimals are shown."""
_APART = 0.1
"""Entries of β that differ by less are not told apart."""


def mixing_words(model: SluiceForTokenClassification) -> list[Markdown]:
    """Sentences about a model's α and β."""
    sharing = Sharing.of_model(model)
    if len(sharing.tasks) == 1:
        return [Markdown("There is one task, so there was nothing to share.")]
    if not (np.isfinite(sharing.alpha).all() and np.isfinite(sharing.beta).all()):
        return [Markdown("α or β hold values that are not finite: its training went astray.")]
    return [*_of_alpha(model, sharing), *_of_beta(model, sharing)]


def _of_alpha(model: SluiceForTokenClassification, sharing: Sharing) -> Iterator[Markdown]:
    if len(sharing.networks) == 1:
        yield Markdown("All tasks run through one network: what they share is given, not learned.")
        return
    learned_KUU = (model.sluice.alpha_weights.slots >= 0).cpu().numpy()
    shares_NN = sharing.shares()
    if np.isnan(shares_NN).any():
        yield Markdown("At least one network draws nothing at all, neither from itself nor from others.")
    else:
        yield from _drawing(sharing, shares_NN)
    if not learned_KUU.any():
        yield Markdown("α is given, not learned.")
        return
    start_KUU = sharing_table(model.config).alpha.values
    which = "All" if learned_KUU.all() else f"{learned_KUU.sum():,} of the"
    moved = float(np.abs(sharing.alpha - start_KUU)[learned_KUU].mean())
    size = float(np.abs(start_KUU)[learned_KUU].mean())
    yield written(
        "{which} {all} entries of α were learned. They moved by {moved} on average from where they began (their mean "
        "size there: {size}), so the picture shows where they began as well as what was learned.",
        which=which, all=f"{learned_KUU.size:,}", moved=f"{moved:.2f}", size=f"{size:.2f}",
    )  # fmt: skip


def _drawing(sharing: Sharing, shares_NN: NDArray[np.float64]) -> Iterator[Markdown]:
    """Who draws how much from the others, and the strongest of all links."""
    names, number = sharing.networks, len(sharing.networks)
    others_N = 1 - np.diag(shares_NN)
    most, least = int(others_N.argmax()), int(others_N.argmin())
    equal = _percent(1 - 1 / number)
    if others_N[most] - others_N[least] < _ALIKE:
        yield written(
            "Every network draws about as much from the others, {share} of all that it draws (sums of |α| over all "
            "layers; {equal} if all weighed the same).",
            share=_percent(float(others_N.mean())), equal=equal,
        )  # fmt: skip
    else:
        yield written(
            "The network of {most} draws most from the others, {high} of all that it draws, that of {least} least, "
            "{low} (sums of |α| over all layers; {equal} if all weighed the same).",
            most=names[most], high=_percent(others_N[most]), least=names[least], low=_percent(others_N[least]),
            equal=equal,
        )  # fmt: skip
    if number > 2:  # noqa: PLR2004 - of two there is one link each way, which the sentence above tells
        between_NN = np.where(np.eye(number, dtype=bool), np.nan, shares_NN)
        strong, weak = (np.unravel_index(pick(between_NN), between_NN.shape) for pick in (np.nanargmax, np.nanargmin))
        if between_NN[strong] - between_NN[weak] >= _ALIKE:
            yield written(
                "Between different tasks the strongest link is {target} drawing from {source} ({share}), the weakest "
                "{weak_target} from {weak_source} ({weak_share}).",
                target=names[strong[0]], source=names[strong[1]], share=_percent(between_NN[strong]),
                weak_target=names[weak[0]], weak_source=names[weak[1]], weak_share=_percent(between_NN[weak]),
            )  # fmt: skip


def _of_beta(model: SluiceForTokenClassification, sharing: Sharing) -> Iterator[Markdown]:
    if sharing.beta.shape[1] == 1:
        return
    if not bool((model.sluice.beta_weights.slots >= 0).any()):
        yield Markdown("Which layers the tasks read is given, not learned.")
        return
    strongest_M = np.abs(sharing.beta).argmax(axis=1)
    if (strongest_M == strongest_M[0]).all():
        yield written("By β, all tasks read layer {layer} with the largest weight.", layer=int(strongest_M[0]) + 1)
        yield from _first_layer(sharing)
        return
    clauses = []
    for layer in np.unique(strongest_M):
        tasks = [task for task, of_task in zip(sharing.tasks, strongest_M, strict=True) if of_task == layer]
        verb = "reads" if len(tasks) == 1 else "read"
        clauses.append(written("{tasks} {verb} layer {layer}", tasks=listed(tasks), verb=verb, layer=int(layer) + 1))
    yield written("By β, {clauses} with the largest weight.", clauses=Markdown(", ".join(clauses)))
    yield from _first_layer(sharing)


def _first_layer(sharing: Sharing) -> Iterator[Markdown]:
    """For whom the first layer weighs most and least, where that differs."""
    first_M = np.abs(sharing.beta[:, 0])
    most, least = int(first_M.argmax()), int(first_M.argmin())
    if first_M[most] - first_M[least] >= _APART:
        yield written(
            "The first layer weighs most for {most} ({high}), least for {least} ({low}).",
            most=sharing.tasks[most], high=Markdown(f"{sharing.beta[most, 0]:.2f}"),
            least=sharing.tasks[least], low=Markdown(f"{sharing.beta[least, 0]:.2f}"),
        )  # fmt: skip


def _percent(share: float) -> Markdown:
    return Markdown(f"{100 * share:.0f} %")
