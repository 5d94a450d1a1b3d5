"""The recurrent core against packed ``nn.LSTM`` with the same weights, alone and inside a training step.

Where all sentences of a batch are equally long, ``nn.LSTM`` itself runs a packed sequence by the fused kernels, and
there is nothing to gain; so batches of equal and of mixed lengths are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from interleaved_timing import Timings, time_interleaved
from markdown_table import markdown_table
from packed_lstm import OurCore, PackedBiLSTM, PackedCore
from torch import Tensor, nn
from workload import training

from hf_sluice.models.configuration_sluice import SluiceConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from workload import Workload

    from hf_sluice.models.parallel_lstm import ParallelBiLSTM
    from hf_sluice.training.sampling import Step
    from hf_sluice.training.trainer import MultiTaskTrainer

MIXED, EQUAL, EPOCH = "mixed lengths", "equal lengths", "an epoch, by words"

_NETWORKS = (1, 2, 4)
_SIZES = SluiceConfig()
_INPUT_WIDTH = _SIZES.word_embedding_size + 2 * _SIZES.char_hidden_size

# Input (T, B, D), lengths (B,), and a gradient for the output (N, T, B, 2H) that is 0 at padding.
CoreBatch = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Both ways to compute the same.

    Args:
        what: was computed.
        batches: on which.
        ours: seconds per word.
        packed: seconds per word.
        difference: the largest one of what comes out.
    """

    what: str
    batches: str
    ours: Timings
    packed: Timings
    difference: float

    def cells(self) -> tuple[str, ...]:
        """A line of the table."""
        return (
            self.what,
            self.batches,
            f"{self.ours.rate(1).median:,.0f}",
            f"{self.packed.rate(1).median:,.0f}",
            f"**{self.packed.ratio(self.ours).text('.2f')}**",
            self.packed.ratio(self.ours, "cpu").text(".2f"),
            f"{self.difference:.0e}",
        )


def compare_cores(workload: Workload, folder: Path, rounds: int) -> str:
    """Training speed of the core for several numbers of networks, and of a whole step with either core."""
    found = [row for networks in _NETWORKS for row in compare_core(workload, networks, rounds)]
    found += compare_step(workload, folder, min(len(workload.corpus.tasks), max(_NETWORKS)), rounds)
    header = ("what", "on batches of", "tokens/s", "packed", "times as fast", "by CPU time", "largest difference")
    return markdown_table(header, [comparison.cells() for comparison in found])


def compare_core(workload: Workload, networks: int, rounds: int) -> list[Comparison]:
    """Forward and backward of K layers of N networks, without mixing, on each kind of batch and on an epoch."""
    ours = OurCore(networks, _INPUT_WIDTH, _SIZES.hidden_size, _SIZES.num_layers)
    packed = PackedCore(ours)
    batches = _kinds_of_batches(workload)
    cases, differences = {}, {}
    for kind, found in batches.items():
        inputs = [_core_batch(torch.from_numpy(workload.lengths[batch]), networks) for batch in found]
        differences[kind] = max(_difference(ours, packed, batch) for batch in inputs)
        cases[f"ours {kind}"], cases[f"packed {kind}"] = _running(ours, inputs), _running(packed, inputs)
    timings = time_interleaved(cases, rounds)
    return _comparisons(workload, f"core, N = {networks}", timings, differences)


def compare_step(workload: Workload, folder: Path, num_tasks: int, rounds: int) -> list[Comparison]:
    """Whole training steps of a sluice model, likewise."""
    ours, packed = (workload.trainer("sluice", num_tasks, folder / name) for name in ("ours", "packed"))
    layers = packed.model.sluice.layers
    for position, layer in enumerate(layers):
        layers[position] = PackedBiLSTM(cast("ParallelBiLSTM", layer))
    cases, differences = {}, {}
    for kind, batches in _kinds_of_batches(workload).items():
        steps = workload.steps(num_tasks, batches)
        differences[kind] = max(_logit_difference(ours, packed, step) for step in steps)
        cases[f"ours {kind}"], cases[f"packed {kind}"] = training(ours, steps), training(packed, steps)
    timings = time_interleaved(cases, rounds)
    return _comparisons(workload, f"training step, sluice M = {num_tasks}", timings, differences)


def _kinds_of_batches(workload: Workload) -> dict[str, list[np.ndarray]]:
    return {kind: found for kind, found in ((MIXED, workload.mixed), (EQUAL, workload.equal)) if found}


def _comparisons(
    workload: Workload, what: str, timings: Mapping[str, Timings], differences: Mapping[str, float]
) -> list[Comparison]:
    rows = [
        Comparison(what, kind, timings[f"ours {kind}"].per(words), timings[f"packed {kind}"].per(words),
                   differences[kind])
        for kind, words in ((kind, workload.words(of)) for kind, of in _kinds_of_batches(workload).items())
    ]  # fmt: skip
    if len(rows) == 1:
        return [*rows, Comparison(what, EPOCH, rows[0].ours, rows[0].packed, rows[0].difference)]
    mixed, equal = rows
    share = workload.share_mixed
    ours, packed = _weighted(mixed.ours, equal.ours, share), _weighted(mixed.packed, equal.packed, share)
    return [*rows, Comparison(what, EPOCH, ours, packed, max(differences.values()))]


def _weighted(mixed: Timings, equal: Timings, share_mixed: float) -> Timings:
    """Seconds per word of an epoch, from those of its two kinds of batches."""
    weights = (share_mixed, 1 - share_mixed)
    wall, cpu = (
        np.average([getattr(mixed, clock), getattr(equal, clock)], axis=0, weights=weights) for clock in ("wall", "cpu")
    )
    return Timings(wall, cpu)


def _core_batch(lengths_B: Tensor, networks: int) -> CoreBatch:
    random, steps = torch.Generator().manual_seed(0), int(lengths_B.max())
    x_TBD = torch.randn(steps, len(lengths_B), _INPUT_WIDTH, generator=random, requires_grad=True)
    gradient = torch.randn((networks, steps, len(lengths_B), 2 * _SIZES.hidden_size), generator=random)
    return x_TBD, lengths_B, gradient * _is_word(lengths_B)


def _is_word(lengths_B: Tensor) -> Tensor:
    return (torch.arange(int(lengths_B.max()))[:, None] < lengths_B)[..., None]  # (T, B, 1)


def _running(core: nn.Module, batches: Sequence[CoreBatch]) -> Callable[[], None]:
    """Forward and backward over some batches."""

    def run() -> None:
        for x_TBD, lengths_B, gradient in batches:
            core.zero_grad()
            x_TBD.grad = None
            core(x_TBD, lengths_B).backward(gradient)

    return run


@torch.no_grad()
def _difference(ours: nn.Module, packed: nn.Module, batch: CoreBatch) -> float:
    x_TBD, lengths_B, _ = batch
    return float(((ours(x_TBD, lengths_B) - packed(x_TBD, lengths_B)) * _is_word(lengths_B)).abs().max())


@torch.no_grad()
def _logit_difference(ours: MultiTaskTrainer, packed: MultiTaskTrainer, step: Step) -> float:
    """Between the two models before they have trained, without the noise of training."""
    inputs = ours.split("train").batch(step.sentences, ())
    is_word_BT1 = inputs["attention_mask"][..., None]
    logits = []
    for trainer in (ours, packed):
        trainer.model.eval()
        logits.append(trainer.model(**inputs).logits)
        trainer.model.train()
    of_ours, of_packed = logits
    return max(float(((of_ours[task] - of_packed[task]) * is_word_BT1).abs().max()) for task in of_ours)
