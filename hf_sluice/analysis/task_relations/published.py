"""The published curves, scores and tables of Bingel & Søgaard (2017)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from lzma import LZMAError
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.curves import LearningCurve, ScoreCurve
from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN, RATIO, all_pairs
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

ALONE, TOGETHER = 50_000, 100_000
"""The iterations whose scores make the published gains: of one task, and of two. (The paper says 25,000 and 50,000.)"""

_ROLES = {"Main": MAIN, "Aux": AUXILIARY, "Main/Aux": RATIO}
_NAMES = {
    "size": "sentences",
    "# labels": "labels",
    "tokens/types": "tokens_per_type",
    "oov rate": "oov_rate",
    "label entropy": "label_entropy",
    "fr. norm": "frobenius_norm",
    "jsd": "jsd",
    **{f"curve grad. ({percent}%)": f"gradient_{percent}" for percent in (10, 20, 30, 50, 70)},
    "curve param. a": "curve_a",
    "curve param. c": "curve_c",
}
_TABLE1 = {
    "size": "sentences",
    "n_labels": "labels",
    "tokens_per_type": "tokens_per_type",
    "oov_rate_pct": "oov_rate",
    "label_entropy": "label_entropy",
    "frobenius_norm": "frobenius_norm",
    "jsd_train_test": "jsd",
}
_PRINTED_WRONGLY = ("main gradient_10", 0.1)
"""Table 4 prints 6·10⁻² for it, in the place of 6·10⁻³, by which it is sorted."""


@dataclass(frozen=True, eq=False)
class Published:
    """What was published.

    Args:
        losses: the training losses of single-task runs as logged: ``run``, ``iter``, ``loss``.
        scores: the development scores of all runs: ``run``, ``iter``, ``task``, ``f1`` and others.
        data_features: Table 1, index ``task`` (the logs' names), columns named as ours.
        table3: ``features``, ``accuracy``, ``f1_gain``.
        coefficients: Table 4, by features of pairs named as ours, in its order.
    """

    losses: pd.DataFrame
    scores: pd.DataFrame
    data_features: pd.DataFrame
    table3: pd.DataFrame
    coefficients: pd.Series

    @property
    def tasks(self) -> list[str]:
        """The ten tasks, by the names of their logs, in alphabetical order."""
        return sorted(self.data_features.index)

    @cached_property
    def gains(self) -> pd.DataFrame:
        """Relative changes in F1, one row per directed pair; a change of a single run each, judged by its sign."""
        import pandas as pd

        rows = []
        for main, auxiliary in all_pairs(self.tasks):
            alone = self._f1(main, main, ALONE)
            together = self._f1("_".join(sorted((main, auxiliary))), main, TOGETHER)
            gain = 100 * (together / alone - 1)
            verdict = Verdict.GAIN if gain > 0 else Verdict.LOSS
            rows.append((main, auxiliary, gain, float("nan"), 1, verdict.value))
        return pd.DataFrame(rows, columns=["main", "auxiliary", "gain", "spread", "seeds", "verdict"])

    def logged(self, task: str) -> tuple[np.ndarray, np.ndarray]:
        """Iterations and losses of a task alone, line by line as logged.

        Those of ``com`` go on to iteration 100,000; those of ``hyperlinks`` begin with ten lines of a run given up.
        """
        rows = self.losses[self.losses["run"] == task]
        return rows["iter"].to_numpy(), rows["loss"].to_numpy(dtype=float)

    def curve(self, task: str) -> LearningCurve:
        """The losses of a task alone up to iteration 50,000, which is its budget, without lines of a run given up."""
        steps, losses = self.logged(task)
        began = int(np.flatnonzero(np.diff(steps, prepend=steps[0] + 1) <= 0)[-1])
        kept = slice(began, began + int((steps[began:] <= ALONE).sum()))
        return LearningCurve(task, steps[kept], losses[kept], ALONE)

    def score_curve(self, task: str) -> ScoreCurve:
        """The F1 of a task alone on development data up to iteration 50,000."""
        rows = self.scores[(self.scores["run"] == task) & (self.scores["iter"] <= ALONE)]
        return ScoreCurve(task, rows["iter"].to_numpy(), rows["f1"].to_numpy(dtype=float), ALONE)

    def _f1(self, run: str, task: str, iteration: int) -> float:
        return float(self._f1s.loc[(run, task, iteration)])

    @cached_property
    def _f1s(self) -> pd.Series:
        wanted = self.scores[self.scores["iter"].isin((ALONE, TOGETHER))]
        return wanted.drop_duplicates(["run", "task", "iter"]).set_index(["run", "task", "iter"])["f1"]


def read_published(folder: Path) -> Published:
    """Reads the folder ``bingel2017`` of the data.

    Raises:
        DataError: a file is missing or damaged.
    """
    losses = _read(folder / "train_curves.tsv.xz", ("run", "iter", "task", "loss"))
    table1 = _read(folder / "table1_task_features.tsv", ("log_name", *_TABLE1))
    table4 = _read(folder / "table4_coefficients.tsv", ("feature", "task", "coefficient"))
    names = [
        f"{_ROLES[task]} {_NAMES[name.lower()]}" for name, task in zip(table4["feature"], table4["task"], strict=True)
    ]
    coefficients = table4["coefficient"].astype(float).set_axis(names)
    coefficients[_PRINTED_WRONGLY[0]] *= _PRINTED_WRONGLY[1]
    return Published(
        losses=losses[losses["run"] == losses["task"]],
        scores=_read(folder / "dev_curves.tsv.xz", ("run", "iter", "task", "f1")),
        data_features=table1.set_index("log_name")[list(_TABLE1)].rename(columns=_TABLE1).rename_axis("task"),
        table3=_read(folder / "table3_scores.tsv", ("features", "accuracy", "f1_gain")),
        coefficients=coefficients,
    )


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    try:
        table = pd.read_csv(path, sep="\t")
    except OSError as error:
        message = f"cannot be read ({error.strerror}); HF_SLUICE_DATA should name the folder that holds bingel2017"
        raise DataError(path, None, message) from None
    except (ValueError, EOFError, LZMAError) as error:
        raise DataError(path, None, f"damaged ({str(error).splitlines()[0]})") from None
    if not set(columns) <= set(table.columns):
        raise DataError(path, None, f"the columns should be {', '.join(columns)}")
    return table
