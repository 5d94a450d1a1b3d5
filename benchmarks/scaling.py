"""What a training step costs as model and batch grow, and why: `python benchmarks/scaling.py --help`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import transformers
from conditions import load_average, machine_and_versions
from cost_fit import CostFit
from device_limits import DeviceLimits
from markdown_table import markdown_table
from report_section import replace_section
from scaling_figure import draw_scaling
from scaling_points import AXES, base_sizes, fitted_sizes, held_out_sizes, measure_points, sizes_along

from hf_sluice.analysis.figure_file import save_figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaling_points import Point
    from synthetic_training import StepSizes

_HERE = Path(__file__).parent
_MILLION = 1e6
_SECONDS_OF_AN_HOUR = 3600


def main() -> None:
    """Measures, fits, draws, and prints Markdown."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    device = torch.device(options.device)
    load_before = load_average()
    # One thread computes or waits for a turn: the time that it computed is what the step takes.
    clock = "cpu" if device.type == "cpu" and options.threads == 1 else "wall"
    limits = DeviceLimits.measure(device, clock)
    fitted, held_out = (of(device, quick=options.quick) for of in (fitted_sizes, held_out_sizes))
    found = measure_points([*fitted, *held_out], device, options.rounds or (4 if options.quick else 12), clock)
    by_sizes = {point.sizes: point for point in found}
    seen, unseen = found[: len(fitted)], found[len(fitted) :]
    fit = CostFit.of([point.costs for point in seen], [point.seconds.median for point in seen], limits.operations)
    along = {axis: [by_sizes[sizes] for sizes in sizes_along(axis, device, quick=options.quick)] for axis in AXES}
    figure = options.figure or _HERE / f"scaling_{device.type}.png"
    save_figure(draw_scaling(along, fit, _title(base_sizes(device), device)), figure)
    told = (
        f"{machine_and_versions(device=device)}; load average {load_before} before and {load_average()} after; "
        f"{'CPU time' if clock == 'cpu' else 'time that passed'}. Products of large matrices: "
        f"{limits.operations / 1e9:,.0f} GFLOP/s; copies: {limits.bandwidth / 1e9:,.1f} GB/s."
    )
    table = _table(along, fit, limits, options.price_per_hour)
    picture = f"![Step times and the cost model]({figure.name})"
    report = "\n\n".join((picture, told, _told(fit, limits, seen, unseen), table))
    print(report)
    if options.update:
        replace_section(options.update, f"scaling {device.type}", report)


def _told(fit: CostFit, limits: DeviceLimits, seen: Sequence[Point], unseen: Sequence[Point]) -> str:
    """The coefficients, and how far they hold."""
    qualities = []
    for name, points in (("fitted", seen), ("held out", unseen)):
        costs, seconds = [point.costs for point in points], [point.seconds.median for point in points]
        qualities.append(
            f"{len(points)} {name}: R² {fit.r_squared(costs, seconds):.3f}, worst relative error "
            f"{fit.worst_error(costs, seconds):.0%}"
        )
    rates = [
        f"{1 / fit.operation / 1e9:,.1f} GFLOP/s ({1 / fit.operation / limits.operations:.0%} of the measured peak)",
        f"{1 / fit.byte / 1e9:,.1f} GB/s ({1 / fit.byte / limits.bandwidth:.0%} of the measured bandwidth)"
        if fit.byte
        else "bytes: nothing of their own",
        f"{1e6 * fit.launch:,.1f} µs a launch",
    ]
    return f"Cost model: {'; '.join(rates)}. Steps {'; '.join(qualities)} (R² of the logarithms of the times)."


def _table(
    along: Mapping[str, Sequence[Point]], fit: CostFit, limits: DeviceLimits, price_per_hour: float | None
) -> str:
    heads = ["M", "K", "H", "B", "T", "ms a step", "model", "operations / bytes / launches",
             "of peak FLOP/s", "of bandwidth", "s per 1M tokens"]  # fmt: skip
    rows = []
    for point in dict.fromkeys(point for points in along.values() for point in points):
        sizes, taken = point.sizes, point.seconds.median
        per_million = taken / sizes.tokens * _MILLION
        parts = fit.parts(point.costs)
        row = [
            *(str(getattr(sizes, axis)) for axis in AXES),
            _milliseconds(point),
            f"{1e3 * parts.sum():.1f}",
            " / ".join(f"{part / parts.sum():.0%}" for part in parts),
            f"{point.costs.operations / taken / limits.operations:.0%}",
            f"{point.costs.bytes / taken / limits.bandwidth:.0%}",
            f"{per_million:,.1f}",
        ]
        if price_per_hour is not None:
            row.append(f"{per_million / _SECONDS_OF_AN_HOUR * price_per_hour:.4f}")
        rows.append(row)
    if price_per_hour is not None:
        heads.append("money per 1M tokens")
    return markdown_table(heads, rows)


def _milliseconds(point: Point) -> str:
    spread = point.seconds
    return f"{1e3 * spread.median:.1f} ({1e3 * spread.low:.1f}–{1e3 * spread.high:.1f})"


def _title(base: StepSizes, device: torch.device) -> str:
    fixed = ", ".join(f"{letter} = {getattr(base, axis)}" for axis, letter in AXES.items())
    return f"Training step of a sluice network, {device.type}; where not varied {fixed}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=1, help="threads of the framework")
    parser.add_argument("--quick", action="store_true", help="three minutes: fewer points and rounds")
    parser.add_argument("--rounds", type=int, help="counted rounds; 12 by default, 4 with --quick")
    parser.add_argument("--price-per-hour", type=float, metavar="MONEY", help="of the device, for a column of costs")
    parser.add_argument("--figure", type=Path, metavar="FILE", help="where to draw; beside this program by default")
    parser.add_argument("--update", type=Path, metavar="FILE", help="write the result into its place in this file")
    return parser


if __name__ == "__main__":
    main()
