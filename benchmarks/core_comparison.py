"""The recurrent core against packed ``nn.LSTM`` with the same weights, alone and inside a training step.

Where all sentences of a batch are equally long, ``nn.LSTM`` itself runs a packed sequence by the fused kernels, and
there is nothing to gain; so batches of equal and of mixed lengths are told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from unittest.mock import patch

import numpy as np
import torch
from interleaved_timing import Timings, time_interleaved
from markdown_table import markdown_table
from packed_lstm import OurCore, PackedBiLSTM, PackedCore, PackedOrder
from torch import Tensor, nn
from workload import training

from hf_sluice.models.configuration_sluice import SluiceConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workload import Workload

    from hf_sluice.models.parallel_lstm import ParallelBiLSTM
    from hf_sluice.training.sampling import Step
    from hf_sluice.training.trainer import MultiTaskTrainer

_NETWORKS = (1, 2, 4)
_MIXED, _EQUAL, _EPOCH = "mixed lengths", "equal lengths", "an epoch, by words"
_SIZES = SluiceConfig()
_INPUT_WIDTH = _SIZES.word_embedding_size + 2 * _SIZES.char_hidden_size

# Input (T, B, D), lengths (B,), and a gradient for the output (N, T, B, 2H) that is 0 at padding.
CoreBatch = tuple[Tensor, Tensor, Tensor]
Pair = tuple[Timings, Timings]


def compare_cores(workload: Workload, folder: Path, rounds: int) -> str:
    """Training speed of the core for several numbers of networks, and of a whole step with either core."""
    rows = [row for networks in _NETWORKS for row in _core_rows(workload, networks, rounds)]
    rows.append(_step_row(workload, folder, rounds))
    header = ("what", "on batches of", "tokens/s", "packed", "times as fast", "by CPU time", "largest difference")
    return markdown_table(header, rows)


def _core_rows(workload: Workload, networks: int, rounds: int) -> list[tuple[str, ...]]:
    ours = OurCore(networks, _INPUT_WIDTH, _SIZES.hidden_size, _SIZES.num_layers)
    packed = PackedCore(ours)
    batches = {kind: found for kind, found in ((_MIXED, workload.mixed), (_EQUAL, workload.equal)) if found}
    cases, differences = {}, {}
    for kind, found in batches.items():
        inputs = [_core_batch(torch.from_numpy(workload.lengths[batch]), networks) for batch in found]
        differences[kind] = max(_difference(ours, packed, batch) for batch in inputs)
        cases[f"ours {kind}"], cases[f"packed {kind}"] = _running(ours, inputs), _running(packed, inputs)
    timings = time_interleaved(cases, rounds)
    pairs = {kind: _pair(timings, f" {kind}", workload.words(found)) for kind, found in batches.items()}
    if len(pairs) > 1:
        pairs[_EPOCH] = _whole_epoch(pairs[_MIXED], pairs[_EQUAL], workload.share_mixed)
        differences[_EPOCH] = max(differences.values())
    return [_row((f"core, N = {networks}", kind), pair, differences[kind]) for kind, pair in pairs.items()]


def _step_row(workload: Workload, folder: Path, rounds: int) -> tuple[str, ...]:
    num_tasks = min(len(workload.corpus.tasks), max(_NETWORKS))
    ours, packed = (workload.trainer("sluice", num_tasks, folder / name) for name in ("ours", "packed"))
    layers = packed.model.sluice.layers
    for position, layer in enumerate(layers):
        layers[position] = PackedBiLSTM(cast("ParallelBiLSTM", layer))
    steps = workload.steps(num_tasks, workload.mixed)
    difference = max(_logit_difference(ours, packed, step) for step in steps)
    timings = time_interleaved(
        {"ours": training(ours, steps), "packed": _with_packed_order(training(packed, steps))}, rounds
    )
    pair = _pair(timings, "", workload.words(workload.mixed))
    return _row((f"training step, sluice M = {num_tasks}", _MIXED), pair, difference)


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


def _with_packed_order(run: Callable[[], None]) -> Callable[[], None]:
    def patched() -> None:
        with patch("hf_sluice.models.modeling_sluice.TimeReversal", PackedOrder):
            run()

    return patched


@torch.no_grad()
def _difference(ours: nn.Module, packed: nn.Module, batch: CoreBatch) -> float:
    x_TBD, lengths_B, _ = batch
    return float(((ours(x_TBD, lengths_B) - packed(x_TBD, lengths_B)) * _is_word(lengths_B)).abs().max())


@torch.no_grad()
def _logit_difference(ours: MultiTaskTrainer, packed: MultiTaskTrainer, step: Step) -> float:
    """Between the two models before they have trained, without the noise of training."""
    inputs = ours.split("train").batch(step.sentences, ())
    is_word_BT1 = inputs["attention_mask"][..., None]
    for trainer in (ours, packed):
        trainer.model.eval()
    logits = ours.model(**inputs).logits
    with patch("hf_sluice.models.modeling_sluice.TimeReversal", PackedOrder):
        others = packed.model(**inputs).logits
    for trainer in (ours, packed):
        trainer.model.train()
    return max(float(((logits[task] - others[task]) * is_word_BT1).abs().max()) for task in logits)


def _pair(timings: dict[str, Timings], suffix: str, words: int) -> Pair:
    """Seconds per word of both."""
    return timings[f"ours{suffix}"].per(words), timings[f"packed{suffix}"].per(words)


def _whole_epoch(mixed: Pair, equal: Pair, share_mixed: float) -> Pair:
    """Seconds per word of an epoch, from those of its two kinds of batches."""
    shares = (share_mixed, 1 - share_mixed)
    ours, packed = (
        Timings(
            np.average([m.wall, e.wall], axis=0, weights=shares), np.average([m.cpu, e.cpu], axis=0, weights=shares)
        )
        for m, e in zip(mixed, equal, strict=True)
    )
    return ours, packed


def _row(what: tuple[str, str], pair: Pair, difference: float) -> tuple[str, ...]:
    ours, packed = pair
    return (
        *what,
        f"{ours.rate(1).median:,.0f}",
        f"{packed.rate(1).median:,.0f}",
        f"**{packed.ratio(ours).text('.2f')}**",
        packed.ratio(ours, "cpu").text(".2f"),
        f"{difference:.0e}",
    )
