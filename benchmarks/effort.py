"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import argparse

_RECIPES = ("fast.yaml", "demo.yaml")


@dataclass(frozen=True, slots=True)
class Effort:
    """What all parts of a measurement have to know.

    Args:
        corpus: as in ``load_corpus``.
        quick: whether minutes are all that there is.
        recipe: of the model that is held against other toolkits'.
        results: the folder in which runs of long measurements are kept.
    """

    corpus: str
    quick: bool
    recipe: Path
    results: Path

    @property
    def rounds(self) -> int:
        """Counted rounds of each comparison."""
        return 8 if self.quick else 20

    @property
    def stream_words(self) -> int:
        """Words of the text that is tagged to watch the memory."""
        return 1_000_000 if self.quick else 10_000_000

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """What a command line asks for."""
        return cls(options.corpus, options.quick, options.recipe, options.results)

    @staticmethod
    def add_options(parser: argparse.ArgumentParser, corpus: str) -> None:
        """Adds them to a parser."""
        here = Path(__file__).parent
        recipes = here.parent / "recipes"
        parser.add_argument("--corpus", default=corpus, help="demo, or ewt with HF_SLUICE_DATA set")
        parser.add_argument("--quick", action="store_true", help="a few minutes: fewer rounds, nothing that takes long")
        parser.add_argument(
            "--recipe",
            type=Path,
            metavar="FILE",
            default=next(path for name in _RECIPES if (path := recipes / name).exists()),
            help="of the model that is held against other toolkits'",
        )
        parser.add_argument(
            "--results",
            type=Path,
            metavar="FOLDER",
            default=here.parent / "runs" / "benchmarks",
            help="where runs of long measurements are kept, to be read or continued later",
        )
