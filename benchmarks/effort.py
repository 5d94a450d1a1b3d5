"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import argparse

_RECIPES = ("fast.yaml", "demo.yaml")
_ROUNDS, _ROUNDS_IF_QUICK = 20, 6


@dataclass(frozen=True, slots=True)
class Effort:
    """What all parts of a measurement have to know.

    Args:
        corpus: as in ``load_corpus``.
        quick: whether minutes are all that there is.
        rounds: counted rounds of each comparison.
        recipe: of the model that is held against other toolkits'.
        results: the folder in which runs of long measurements are kept.
    """

    corpus: str
    quick: bool
    rounds: int
    recipe: Path
    results: Path

    @property
    def stream_words(self) -> int:
        """Words of the text that is tagged to watch the memory."""
        return 500_000 if self.quick else 10_000_000

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """What a command line asks for."""
        rounds = options.rounds or (_ROUNDS_IF_QUICK if options.quick else _ROUNDS)
        return cls(options.corpus, options.quick, rounds, options.recipe, options.results)

    def arguments(self) -> list[str]:
        """The same as a command line."""
        values = {"corpus": self.corpus, "rounds": self.rounds, "recipe": self.recipe, "results": self.results}
        named = [part for name, value in values.items() for part in (f"--{name}", str(value))]
        return [*named, *(["--quick"] if self.quick else [])]

    @classmethod
    def add_options(cls, parser: argparse.ArgumentParser, corpus: str) -> None:
        """Adds them to a parser."""
        cls.add_inputs(parser, corpus)
        parser.add_argument("--quick", action="store_true", help="a few minutes: fewer rounds, nothing that takes long")
        parser.add_argument("--rounds", type=int, help=f"{_ROUNDS} by default, {_ROUNDS_IF_QUICK} with --quick")

    @staticmethod
    def add_inputs(parser: argparse.ArgumentParser, corpus: str) -> None:
        """Adds those that say on what, and not how much, is measured."""
        here = Path(__file__).parent
        recipes = here.parent / "recipes"
        parser.add_argument("--corpus", default=corpus, help="demo, or ewt with HF_SLUICE_DATA set")
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
