"""What ``hf-sluice inspect`` prints of two models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.commands.figure_files import save_figures
from hf_sluice.commands.terminal import console, facts_grid, print_json, print_tables
from hf_sluice.printable_text import printable
from hf_sluice.quiet_libraries import quiet_libraries

if TYPE_CHECKING:
    from pathlib import Path


def print_differences(model: str, other: str, figures: Path | None, *, as_json: bool) -> None:
    """Compares the architectures of two models.

    Args:
        model: A, as a user names it.
        other: B.
        figures: where to draw the differences.
        as_json: whether to print JSON instead of tables.

    Raises:
        UserError: one of them has no architecture that can be read, or a picture cannot be written.
    """
    from hf_sluice.analysis.architecture_comparison import ArchitectureComparison
    from hf_sluice.prediction.saved_architecture import load_architecture

    quiet_libraries()
    comparison = ArchitectureComparison(load_architecture(model), load_architecture(other))
    paths: list[str] = []
    if figures is not None:
        from hf_sluice.analysis.comparison_figures import comparison_figures

        paths = save_figures(comparison_figures(comparison), figures)
    if as_json:
        print_json({"A": model, "B": other, **comparison.to_dict(), **({"figures": paths} if paths else {})})
        return
    out = console()
    print_tables([facts_grid([("A", model), ("B", other)]), *(table.rich() for table in comparison.tables())], out)
    for line in (*comparison.not_compared(), *paths):
        out.print(printable(line), markup=False, soft_wrap=True)
