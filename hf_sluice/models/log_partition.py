"""The sum over all label sequences of a linear chain (Lafferty, McCallum & Pereira 2001).

The chains of several tasks may be computed side by side: then a dimension M stands before B and L in all that is said
of shapes here. Tasks with fewer labels than others have ``FORBIDDEN`` as the scores of the labels that they lack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .transition_scores import FORBIDDEN

if TYPE_CHECKING:
    from .transition_scores import TransitionScores


def log_partition(emissions_TBL: Tensor, lengths_B: Tensor, scores: TransitionScores) -> Tensor:
    """Log Σ_y exp(score of y) over the label sequences y of each sentence.

    Args:
        emissions_TBL: scores of the labels; ``FORBIDDEN`` where a token cannot have one. Padding is not read.
        lengths_B: number of tokens of each sentence; what comes of a sentence of none is finite and means nothing.
        scores: of transitions, ``FORBIDDEN`` where there cannot be one.

    Returns:
        (B,); below ``FORBIDDEN / 2`` where every sequence is forbidden.
    """
    alphas_TBL = log_prefix_sums(emissions_TBL, lengths_B, scores)
    last_1BL = (lengths_B - 1).clamp(min=0)[:, None].expand(alphas_TBL[:1].shape)
    return torch.logsumexp(alphas_TBL.gather(0, last_1BL)[0] + scores.end[..., None, :], dim=-1)


def log_prefix_sums(emissions_TBL: Tensor, lengths_B: Tensor, scores: TransitionScores) -> Tensor:
    """Log Σ exp(score) over all beginnings of a sentence that end at a token with a label; ``scores.end`` is not read.

    Exact up to rounding for whatever scores. On a CPU the sum over the label before is a product of matrices as long as
    nothing that counts is too small for the number format; otherwise, which takes scores that differ by some 70 in
    single precision, all is computed again, logarithms only. Other devices compute these at once: there they launch no
    more than the products would, and the program need not wait to see whether it has to.

    Args:
        emissions_TBL: as in :func:`log_partition`.
        lengths_B: likewise.
        scores: likewise.

    Returns:
        (T, B, L); what stands at padding is finite and means nothing.
    """
    is_token_TB = torch.arange(len(emissions_TBL), device=lengths_B.device)[:, None] < lengths_B
    emissions_TBL = emissions_TBL.masked_fill(~beside_tasks(is_token_TB, emissions_TBL), 0.0)
    if emissions_TBL.device.type == "cpu":
        alphas_TBL, is_exact = _by_products(emissions_TBL, is_token_TB, scores)
        if is_exact:
            return alphas_TBL
    return _by_logarithms(emissions_TBL, scores)


def beside_tasks(values_TB: Tensor, emissions_TBL: Tensor) -> Tensor:
    """What holds of tokens, with dimensions to go with emissions: (T, …, B, 1)."""
    return values_TB.view(len(values_TB), *[1] * (emissions_TBL.dim() - 3), -1, 1)


def _by_products(emissions_TBL: Tensor, is_token_TB: Tensor, scores: TransitionScores) -> tuple[Tensor, bool]:
    """Logarithms of the sums over all beginnings that end in each label, and whether they are exact."""
    # Scaled by their largest value, scores before the sum and transitions into a label are at most 1.
    largest_1L = scores.between.detach().amax(dim=-2, keepdim=True)
    transitions_LL = (scores.between - largest_1L).exp()
    after_TBL = emissions_TBL[1:] + largest_1L
    number = torch.finfo(emissions_TBL.dtype)
    # Terms that vanish are below ``tiny``: beside a sum of this size each is less than a rounding error.
    least = number.tiny / number.eps
    alphas, sums = [scores.start[..., None, :] + emissions_TBL[0]], []
    for after_BL in after_TBL.unbind():
        highest_B1 = alphas[-1].detach().amax(dim=-1, keepdim=True)
        sums.append((alphas[-1] - highest_B1).exp() @ transitions_LL)
        alphas.append(sums[-1].clamp(min=least).log() + (after_BL + highest_B1))
    if not sums:
        return torch.stack(alphas), True
    with torch.no_grad():
        counts_TBL = beside_tasks(is_token_TB[1:], after_TBL) & (after_TBL > FORBIDDEN / 2)
        is_exact = not bool((counts_TBL & (torch.stack(sums) < least)).any())
    return torch.stack(alphas), is_exact


def _by_logarithms(emissions_TBL: Tensor, scores: TransitionScores) -> Tensor:
    """The same at several times the computation, exact whatever the scores."""
    alphas = [scores.start[..., None, :] + emissions_TBL[0]]
    between_1LL = scores.between[..., None, :, :]
    for emissions_BL in emissions_TBL[1:].unbind():
        alphas.append(torch.logsumexp(alphas[-1][..., None] + between_1LL, dim=-2) + emissions_BL)
    return torch.stack(alphas)
