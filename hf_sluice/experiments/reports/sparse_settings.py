"""What reports on the masks of sparse sharing need to know: sparsity against score, and overlap against gain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from hf_sluice.experiments.reports.section import Section, check_axes, check_known

if TYPE_CHECKING:
    from hf_sluice.experiments.reports.section import Axes


class SparsityReport(Section):
    """Scores against the share of weights that remain (Sparse Sharing, Figures 3 and 4).

    Args:
        tasks: whose scores are shown.
        search_axis: the axis of the kinds of search, one line each; None where there is one kind.
        sparsity_axis: the axis of the sparsities to which all tasks are cut, for Figure 4; its values' names are
            numbers above 0 and up to 1. None where every task has the subnet that does best.
        logarithmic: whether sparsity is drawn on a logarithmic scale.
        published: what the paper says of it, with its place.
    """

    form: Literal["sparsity"]
    tasks: list[str] = Field(min_length=1)
    search_axis: str | None = None
    sparsity_axis: str | None = None
    logarithmic: bool = False
    published: str | None = None

    @property
    def read_axes(self) -> list[str]:
        """The axes that the report shows."""
        return [axis for axis in (self.search_axis, self.sparsity_axis) if axis is not None]

    @property
    def row_axis(self) -> str:
        """The axis by which the cost of the runs is told."""
        return self.read_axes[0]

    def check(self, axes: Axes) -> None:
        """Sees to it that the axes have what the report reads.

        Raises:
            ValueError: an axis that there is not or that the report does not show, no axis at all, or a sparsity that
                is no number above 0 and up to 1.
        """
        if not self.read_axes:
            raise ValueError("report: this form needs a search_axis or a sparsity_axis")
        check_axes(axes, self.read_axes)
        for name in axes[self.sparsity_axis] if self.sparsity_axis is not None else ():
            if not _is_sparsity(name):
                raise ValueError(
                    f"report: values of axis {self.sparsity_axis!r} should be numbers above 0 and up to 1, not {name!r}"
                )


class PublishedPair(Section):
    """What a paper found of two tasks.

    Args:
        overlap: of their masks, 0 to 1.
        gain: of sparse over hard sharing in the mean of the two tasks' scores, in per cent.
    """

    overlap: float = Field(ge=0, le=1)
    gain: float


class PublishedPairs(Section):
    """Figures of a paper, by the names of the pairs.

    Args:
        source: where they stand, and on which data.
        pairs: by the values of the axis of pairs.
    """

    source: str = Field(min_length=1)
    pairs: dict[str, PublishedPair]


class OverlapGainReport(Section):
    """Overlap of two tasks' masks against what sparse sharing gains over hard sharing (Sparse Sharing, Table 7).

    Args:
        pair_axis: the axis of the pairs of tasks.
        system_axis: the axis of the systems; each but the baseline is compared with it.
        baseline: hard sharing.
        published: figures of a paper.
    """

    form: Literal["overlap_gain"]
    pair_axis: str = "pair"
    system_axis: str = "system"
    baseline: str = "hard sharing"
    published: PublishedPairs | None = None

    @property
    def row_axis(self) -> str:
        """The axis by which the cost of the runs is told."""
        return self.system_axis

    def check(self, axes: Axes) -> None:
        """Sees to it that the axes have what the report reads.

        Raises:
            ValueError: an axis that there is not or that the report does not show, or an unknown value of an axis.
        """
        check_axes(axes, [self.pair_axis, self.system_axis])
        check_known("baseline", [self.baseline], axes[self.system_axis])
        if self.published is not None:
            check_known("published.pairs", self.published.pairs, axes[self.pair_axis])


def _is_sparsity(name: str) -> bool:
    try:
        return 0 < float(name) <= 1
    except ValueError:
        return False
