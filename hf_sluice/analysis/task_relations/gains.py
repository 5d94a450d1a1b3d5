"""What a main task gains from an auxiliary one, and whether that is more than the noise of single runs.

Bingel & Søgaard (2017, section 4) call every positive change of one run's score a gain; their published curves have 38
gains instead of 40 one evaluation earlier. So a gain is judged here over several seeds, and may stay undecided.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

CONFIDENCE = 0.95
"""Of the interval around a difference of scores that decides."""

ALONE = ""
"""What stands for the auxiliary task of a single-task run."""

_GAIN_COLUMNS = ("main", "auxiliary", "gain", "spread", "seeds", "verdict", "low", "high")
_SEED_COLUMNS = ("main", "auxiliary", "seed", "alone", "together", "gain")


class Verdict(StrEnum):
    """Whether an auxiliary task helps a main task."""

    GAIN = "gain"
    LOSS = "loss"
    UNDECIDED = "undecided"


@dataclass(frozen=True, eq=False)
class Gains:
    """Gains of directed pairs of tasks.

    Args:
        table: one row per pair: ``main``, ``auxiliary``; ``gain``, the relative change of the main task's score in per
            cent, mean over seeds; ``spread``, its sample standard deviation, NaN for one seed; ``seeds``, how many;
            ``verdict``; ``low`` and ``high``, ends of the interval that decides, in per cent of the mean score alone,
            NaN where there is one run of each kind only.
        per_seed: one row per pair and seed: ``main``, ``auxiliary``, ``seed``; the scores ``alone`` and ``together``;
            ``gain`` in per cent.
        problems: what is left out of both, one line each.
    """

    table: pd.DataFrame
    per_seed: pd.DataFrame
    problems: tuple[str, ...]


def judge_gains(scores: pd.DataFrame, smaller_is_better: Collection[str] = ()) -> Gains:
    """Relative changes of scores, and verdicts.

    The verdict is that of a t interval (95 %) around the difference of the mean scores: a gain where all of it lies
    above 0, a loss where all of it lies below. The variance of a run's score is pooled over all runs that score the
    main task (alone, and with each auxiliary task, each around its own mean), for two or three seeds alone say next to
    nothing of it; this takes the noise of a task's score for equally large in all its runs. No correction is made for
    the number of pairs: of those that change nothing, one in twenty is expected to be called a gain or a loss. Where no
    two runs differ in their seed alone, the sign decides, as in the paper.

    Args:
        scores: one row per run and task that it was scored on: ``task``; ``auxiliary``, the task it was trained with,
            or ``""`` for none; ``seed``; ``score``, NaN where it is undefined.
        smaller_is_better: tasks whose score is an error; its decrease is the gain.

    Returns:
        Pairs in the order of the tasks' single runs. A seed without both scores, or whose score alone is 0 or less, so
        that no relative change is defined, is left out, and so is a pair without any seed.
    """
    import pandas as pd

    problems: list[str] = []
    per_seed = pd.DataFrame(_seed_rows(scores, smaller_is_better, problems), columns=list(_SEED_COLUMNS))
    rows = [
        _judged(str(main), str(auxiliary), of_pair, _deviation(scores[scores["task"] == main]), smaller_is_better)
        for (main, auxiliary), of_pair in per_seed.groupby(["main", "auxiliary"], sort=False)
    ]
    return Gains(pd.DataFrame(rows, columns=list(_GAIN_COLUMNS)), per_seed, tuple(problems))


def _seed_rows(
    scores: pd.DataFrame, smaller_is_better: Collection[str], problems: list[str]
) -> Iterator[tuple[str, str, int, float, float, float]]:
    known = {(row.task, row.auxiliary, row.seed): float(row.score) for row in scores.itertuples()}
    tasks = list(dict.fromkeys(scores["task"]))
    seeds = sorted(set(scores["seed"]))
    for main, auxiliary in ((main, auxiliary) for main in tasks for auxiliary in tasks if main != auxiliary):
        found = 0
        for seed in seeds:
            if (main, auxiliary, seed) not in known:
                continue
            together, alone = known[main, auxiliary, seed], known.get((main, ALONE, seed), math.nan)
            complaint = _complaint(alone, together)
            if complaint:
                problems.append(f"{main} with {auxiliary}, seed {seed}: {complaint}; no gain is defined")
                continue
            found += 1
            sign = -1 if main in smaller_is_better else 1
            yield main, auxiliary, seed, alone, together, sign * 100 * (together - alone) / alone
        if not found:
            problems.append(f"{main} with {auxiliary}: no seed of which a gain is known; the pair is left out")


def _complaint(alone: float, together: float) -> str:
    if math.isnan(alone):
        return "there is no score of the task alone"
    if math.isnan(together):
        return "there is no score of the pair"
    return f"the score of the task alone is {alone:g}" if alone <= 0 else ""


@dataclass(frozen=True, slots=True)
class _Deviation:
    """Standard deviation of a score over seeds, and on how many degrees of freedom it rests."""

    value: float
    freedom: int


def _deviation(scores: pd.DataFrame) -> _Deviation:
    """Pooled over all kinds of runs that score a task."""
    groups = [group.dropna().to_numpy() for _, group in scores.groupby("auxiliary")["score"]]
    freedom = sum(len(group) - 1 for group in groups if len(group))
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups if len(group))
    return _Deviation(math.sqrt(squares / freedom) if freedom else math.nan, freedom)


def _judged(
    main: str, auxiliary: str, of_pair: pd.DataFrame, deviation: _Deviation, smaller_is_better: Collection[str]
) -> tuple[str, str, float, float, int, str, float, float]:
    gains, alone, together = (of_pair[name].to_numpy(dtype=float) for name in ("gain", "alone", "together"))
    sign = -1 if main in smaller_is_better else 1
    low, high = sorted(sign * end for end in _interval(alone, together, deviation))
    gain = float(gains.mean())
    verdict = _verdict(gain, gain) if math.isnan(low) else _verdict(low, high)
    spread = float(gains.std(ddof=1)) if len(gains) > 1 else math.nan
    return main, auxiliary, gain, spread, len(gains), str(verdict), low, high


def _interval(alone: NDArray[np.float64], together: NDArray[np.float64], deviation: _Deviation) -> tuple[float, float]:
    """Of the difference of the means, in per cent of the mean score alone."""
    if not deviation.freedom:
        return math.nan, math.nan
    from scipy.stats import t

    difference = together.mean() - alone.mean()
    quantile = float(t.ppf((1 + CONFIDENCE) / 2, deviation.freedom))
    half = quantile * deviation.value * math.sqrt(1 / len(alone) + 1 / len(together))
    return 100 * (difference - half) / alone.mean(), 100 * (difference + half) / alone.mean()


def _verdict(low: float, high: float) -> Verdict:
    if low > 0:
        return Verdict.GAIN
    return Verdict.LOSS if high < 0 else Verdict.UNDECIDED
