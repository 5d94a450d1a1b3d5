"""The losses of several tasks in few calls: one recursion over time for all CRFs, one cross-entropy for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .chain_likelihood import log_likelihoods
from .crf import lengths_of
from .joint_logits import joint_cross_entropies
from .tagging_head import CrfHead, RegressionHead
from .tagging_loss import per_item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from .crf import LinearChainCrf
    from .tagging_head import TaggingHead


def joint_losses(
    heads: Mapping[str, TaggingHead],
    logits: Mapping[str, Tensor],
    labels: Mapping[str, Tensor],
    attention_mask: Tensor | None,
    num_items: Mapping[str, float | Tensor] | None,
    padded_MBTL: Tensor | None = None,
) -> dict[str, Tensor]:
    """The losses of the tasks that have labels, as ``TaggingHead.loss`` has them up to rounding.

    Args:
        heads: of the tasks.
        logits: of the same tasks, each (B, T, L).
        labels: of some of them, each (B, T).
        attention_mask: of the batch.
        num_items: per task what to divide the sum by; by default its number of labelled tokens.
        padded_MBTL: the same logits side by side, if ``joint_logits`` gave them.
    """
    labelled = [name for name in logits if name in labels]
    crfs = {name: head.crf for name in labelled if isinstance(head := heads[name], CrfHead)}
    totals = _likelihoods(crfs, logits, labels, attention_mask)
    if padded_MBTL is not None:
        plain = [n for n in labelled if not isinstance(heads[n], CrfHead | RegressionHead)]
        totals |= _cross_entropies(dict(zip(logits, padded_MBTL, strict=True)), labels, plain, padded_MBTL)
    losses = {}
    for name in labelled:
        items = None if num_items is None else num_items[name]
        if name in totals:
            losses[name] = per_item(totals[name], labels[name], items)
        else:
            losses[name] = heads[name].loss(logits[name], labels[name], attention_mask, items)
    return losses


def _likelihoods(
    crfs: Mapping[str, LinearChainCrf],
    logits: Mapping[str, Tensor],
    labels: Mapping[str, Tensor],
    attention_mask: Tensor | None,
) -> dict[str, Tensor]:
    """Negative log-likelihoods of the sentences, summed up; of a single task its head makes them."""
    if len(crfs) <= 1:
        return {}
    first = logits[next(iter(crfs))]
    with torch.autocast(first.device.type, enabled=False):
        chains = [crf.chain(logits[name], labels[name]) for name, crf in crfs.items()]
        found = log_likelihoods(chains, lengths_of(first, attention_mask))
        return {name: -values_B.sum() for name, values_B in zip(crfs, found, strict=True)}


def _cross_entropies(
    logits_BTL: Mapping[str, Tensor], labels: Mapping[str, Tensor], names: list[str], all_MBTL: Tensor
) -> dict[str, Tensor]:
    """Summed over the labelled tokens."""
    if not names:
        return {}
    chosen_MBTL = all_MBTL if len(names) == len(all_MBTL) else torch.stack([logits_BTL[name] for name in names])
    totals_M = joint_cross_entropies(chosen_MBTL, torch.stack([labels[name] for name in names]))
    return dict(zip(names, totals_M.unbind(), strict=True))
