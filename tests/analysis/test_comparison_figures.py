from __future__ import annotations

from hf_sluice.analysis.architecture_comparison import ArchitectureComparison
from hf_sluice.analysis.comparison_figures import comparison_figures
from hf_sluice.analysis.figure_numbers import two_decimals
from tests.analysis.test_architecture_comparison import sparse
from tests.analysis.test_mixing_pair import architecture


def texts(figure):
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_differences_of_alpha_are_drawn():
    comparison = ArchitectureComparison(architecture("x", "y"), architecture("y", "x", seed=1))
    figures = comparison_figures(comparison)

    assert list(figures) == ["alpha_difference"]
    assert texts(figures["alpha_difference"]) == {two_decimals(value) for value in comparison.alpha.difference.flat}


def test_overlaps_of_masks_are_drawn():
    comparison = ArchitectureComparison(sparse(3), sparse(2, 1))
    figures = comparison_figures(comparison)
    axes = figures["mask_overlap"].axes[0]

    assert list(figures) == ["mask_overlap"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["task0 of A", "task1 of A", "task2 of A"]
    assert texts(figures["mask_overlap"]) == {two_decimals(value) for value in comparison.masks.overlaps.flat}


def test_what_cannot_be_compared_is_not_drawn():
    assert comparison_figures(ArchitectureComparison(architecture("x"), sparse())) == {}
