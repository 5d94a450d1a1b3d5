"""The best label sequences of linear chains (Viterbi 1967).

Shape letters: B sentences, T tokens, L labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def best_paths(
    emissions_BTL: NDArray[np.float32], lengths_B: NDArray[np.int64], chain: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.int64]:
    """The label sequences of the highest score, the first of the best ones where several are.

    Args:
        emissions_BTL: scores of the labels.
        lengths_B: tokens of each sentence, at least 1.
        chain: what transitions add: ``between`` (L, L), row = label before, ``start`` (L,) and ``end`` (L,).

    Returns:
        Label ids (B, T); what stands at padding means nothing.
    """
    between_L1L, into_LL = chain["between"][:, None, :], np.ascontiguousarray(chain["between"].T)
    bests = [chain["start"] + emissions_BTL[:, 0]]
    for step in range(1, emissions_BTL.shape[1]):
        # The labels before come first: the largest value is then found for many labels after at once.
        following_BL = (bests[-1].T[:, :, None] + between_L1L).max(0) + emissions_BTL[:, step]
        bests.append(np.where((step < lengths_B)[:, None], following_BL, bests[-1]))
    path = [(bests[-1] + chain["end"]).argmax(-1)]
    for step in range(len(bests) - 1, 0, -1):
        # From where the label at hand was reached is asked for this label alone, not for all that could have been.
        origin_B = (bests[step - 1] + into_LL[path[-1]]).argmax(-1)
        path.append(np.where(step < lengths_B, origin_B, path[-1]))
    return np.stack(path[::-1], axis=1)
