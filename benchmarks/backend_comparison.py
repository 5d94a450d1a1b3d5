"""The recurrent backends that the device has, against each other: `python benchmarks/backend_comparison.py --help`."""

from __future__ import annotations

import argparse
import os
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import torch
import transformers
from interleaved_timing import time_interleaved
from markdown_table import markdown_table
from packed_lstm import CoreSizes, OurCore
from torch import Tensor

from hf_sluice.models.configuration_tagger import RECURRENT_BACKENDS
from hf_sluice.models.recurrent_backends import choose_backend
from hf_sluice.training.machine import describe_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from interleaved_timing import Timings

    from hf_sluice.models.parallel_lstm import ParallelBiLSTM

_NUMBERS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16, "float64": torch.float64}


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The layers of a model, what computes them, and a batch.

    Args:
        core: K layers of N networks, without mixing.
        inputs: (T, B, D), which all networks read.
        lengths: words of each sentence (B,).
        gradient: of the output (N, T, B, 2H), 0 at padding.
    """

    core: OurCore
    inputs: Tensor
    lengths: Tensor
    gradient: Tensor

    @classmethod
    def of(cls, sizes: CoreSizes) -> Subject:
        """Random numbers, float64; sentences of half the longest length and more."""
        torch.manual_seed(0)
        core = OurCore(sizes.networks, sizes.width, sizes.hidden, sizes.layers).double()
        lengths_B = torch.randint(sizes.words // 2, sizes.words + 1, (sizes.sentences,)).clamp(min=1)
        lengths_B[0] = sizes.words
        x_TBD = torch.randn(sizes.words, sizes.sentences, sizes.width, dtype=torch.float64)
        is_word_TB1 = (torch.arange(sizes.words)[:, None] < lengths_B)[..., None]
        shape = (sizes.networks, sizes.words, sizes.sentences, 2 * sizes.hidden)
        return cls(core, x_TBD, lengths_B, torch.randn(shape, dtype=torch.float64) * is_word_TB1)

    def on(self, device: torch.device, dtype: torch.dtype, backend: str) -> Subject:
        """The same for a backend, in its type of numbers."""
        core = deepcopy(self.core).to(device, dtype)
        for layer in core.layers:
            cast("ParallelBiLSTM", layer).backend = backend
        x_TBD = self.inputs.to(device, dtype).requires_grad_()
        return Subject(core, x_TBD, self.lengths.to(device), self.gradient.to(device, dtype))

    def train(self) -> None:
        """A forward and a backward pass, to their end."""
        self.core.zero_grad()
        self.inputs.grad = None
        self.core(self.inputs, self.lengths).backward(self.gradient)
        self._finish()

    @torch.no_grad()
    def predict(self) -> None:
        """A forward pass, to its end."""
        self.core(self.inputs, self.lengths)
        self._finish()

    @torch.no_grad()
    def difference(self, exact: Subject) -> float:
        """The largest difference at words from what comes out in double precision."""
        ours, theirs = (of.core(of.inputs, of.lengths).double().cpu() for of in (self, exact))
        return float(((ours - theirs) * (exact.gradient != 0)).abs().max())

    def _finish(self) -> None:
        if self.inputs.is_cuda:
            torch.cuda.synchronize()


def main() -> None:
    """Measures, and prints Markdown."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    device = torch.device(options.device)
    machine = describe_machine(device)
    print(
        f"{options.layers} layers, H = {options.hidden}, input {options.width}, {options.sentences} sentences of "
        f"{options.words // 2} to {options.words} words; {options.rounds} rounds. torch {torch.__version__}, "
        f"{machine['gpu'] or machine['processor']}, {options.threads} thread(s), load average "
        f"{os.getloadavg()[0]:.1f} at the start.\n"
    )
    rows = [row for networks in options.networks for row in compare(options, device, networks)]
    heads = ("backend", "numbers", "N", "pass", "tokens/s", "times as fast as fused", "by CPU time", "difference")
    print(markdown_table(heads, rows))


def compare(options: argparse.Namespace, device: torch.device, networks: int) -> list[tuple[str, ...]]:
    """Rows for all backends and types of numbers that there are, each against the fused kernels in the first type."""
    exact = Subject.of(
        CoreSizes(networks, options.layers, options.hidden, options.width, options.sentences, options.words)
    )
    subjects = {
        (backend, numbers): exact.on(device, _NUMBERS[numbers], backend)
        for numbers in options.numbers
        for backend in RECURRENT_BACKENDS
        if backend != "auto" and _is_possible(backend, device, _NUMBERS[numbers], options.hidden)
    }
    words = int(exact.lengths.sum())
    rows = []
    for name in ("train", "predict"):
        cases: dict[str, Callable[[], None]] = {
            " ".join(key): getattr(subject, name) for key, subject in subjects.items()
        }
        timings = time_interleaved(cases, options.rounds)
        fused = timings[f"fused {options.numbers[0]}"]
        rows += [
            _row(key, networks, name, words, timings, fused, subject.difference(exact))
            for key, subject in subjects.items()
        ]
    return rows


def _is_possible(backend: str, device: torch.device, dtype: torch.dtype, hidden: int) -> bool:
    try:
        choose_backend(backend, device, dtype, hidden)
    except ValueError:
        return False
    return True


def _row(
    key: tuple[str, str],
    networks: int,
    name: str,
    words: int,
    timings: Mapping[str, Timings],
    fused: Timings,
    difference: float,
) -> tuple[str, ...]:
    own = timings[" ".join(key)]
    return (
        *key,
        str(networks),
        {"train": "forward + backward", "predict": "forward"}[name],
        f"{own.rate(words).median:,.0f}",
        f"**{fused.ratio(own).text('.2f')}**",
        fused.ratio(own, "cpu").text(".2f"),
        f"{difference:.0e}",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda, cuda:1 …")
    parser.add_argument("--numbers", nargs="+", choices=_NUMBERS, default=["float32", "bfloat16"], help="types")
    parser.add_argument("--networks", nargs="+", type=int, default=[1, 2, 4], metavar="N", help="networks side by side")
    parser.add_argument("--layers", type=int, default=3, help="K")
    parser.add_argument("--hidden", type=int, default=100, help="H, per direction")
    parser.add_argument("--width", type=int, default=264, help="of the input")
    parser.add_argument("--sentences", type=int, default=32, help="B")
    parser.add_argument("--words", type=int, default=30, help="of the longest sentence")
    parser.add_argument("--rounds", type=int, default=20, help="counted rounds of each comparison")
    parser.add_argument("--threads", type=int, default=1, help="threads of the framework")
    return parser


if __name__ == "__main__":
    main()
