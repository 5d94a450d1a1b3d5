"""What is to be expected of each auxiliary task for one main task, why, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN, RATIO
from hf_sluice.analysis.task_relations.relations import CONTRIBUTION
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hf_sluice.analysis.task_relations.relations import TaskRelations
    from hf_sluice.analysis.task_relations.validation import Validation

_RUNS = 10  # shufflings; a hundred, the paper's number, change the second decimal and take seconds


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature of a pair that speaks for a gain or against it.

    Args:
        feature: of the pair, such as ``main/auxiliary label_entropy``.
        value: of the feature.
        log_odds: by how much it moves the log odds of a gain from those of the mean pair that the predictor was
            fitted on; above 0 it speaks for a gain.
    """

    feature: str
    value: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class AuxiliaryTask:
    """What is to be expected of one auxiliary task.

    Args:
        name: of the task.
        probability: of a gain, 0 to 1.
        gain: change of the main task's score that is to be expected, in per cent.
        reasons: all features that the predictor read, the one that moves it most first.
    """

    name: str
    probability: float
    gain: float
    reasons: tuple[Reason, ...]

    def strongest(self, *, speaking_for: bool, at_most: int) -> list[Reason]:
        """The reasons that speak for a gain, or against one, the strongest first."""
        return [reason for reason in self.reasons if (reason.log_odds > 0) is speaking_for and reason.log_odds][
            :at_most
        ]


@dataclass(frozen=True, eq=False)
class Advice:
    """Which auxiliary tasks will help a main task.

    Args:
        main: the main task.
        auxiliaries: by probability of a gain, the most likely one first.
        outside: how far each task lies outside those that the predictor was fitted on, as
            :func:`~.extrapolation.extrapolation` has it.
        new: those of the tasks that the predictor was not fitted on.
        validation: what the predictor's advice is worth for pairs and tasks that it was not fitted on; None where too
            few pairs are known to tell.
        fitted_on: where the predictor's tables come from, how many tasks and pairs they have.
        left_out: features that the predictor would have read but that are not known, one line for those that are not
            known of the same tasks.
        problems: why something is not known of a task, whether the predictor reads it or not, one line each.
    """

    main: str
    auxiliaries: tuple[AuxiliaryTask, ...]
    outside: pd.DataFrame
    new: tuple[str, ...]
    validation: Validation | None
    fitted_on: str
    left_out: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        relations: TaskRelations,
        features: pd.DataFrame,
        main: str,
        auxiliaries: Sequence[str],
        problems: Sequence[str] = (),
    ) -> Advice:
        """Predicts, and explains.

        Args:
            relations: with a predictor.
            features: of the tasks: index ``task``, a column per feature; NaN for what is not known.
            main: the main task.
            auxiliaries: the tasks to judge.
            problems: what is not known of the tasks, and why.

        Raises:
            UserError: a task has no features, or none is known that the predictor could read.
        """
        pairs = [(main, auxiliary) for auxiliary in auxiliaries]
        asked = features.loc[[main, *auxiliaries]]
        fitted = relations.fitted_for(asked, pairs)
        predicted = fitted.predict(asked, pairs)
        judged = [_judged(auxiliary, predicted.loc[(main, auxiliary)], asked, main) for auxiliary in auxiliaries]
        num_tasks, num_pairs = len(relations.features), len(relations.gains)
        return cls(
            main=main,
            auxiliaries=tuple(sorted(judged, key=lambda task: -task.probability)),
            outside=fitted.extrapolation(asked),
            new=tuple(task for task in asked.index if not _is_known(fitted, asked.loc[task])),
            validation=_validation(fitted),
            fitted_on=f"{relations.source or 'tables of one study'} ({num_tasks} tasks, {num_pairs} pairs)",
            left_out=_left_out(asked, relations.names),
            problems=tuple(problems),
        )

    @property
    def held_out(self) -> str:
        """Which of the validations speaks of such advice, by its name in :attr:`Validation.held_out`."""
        if self.main not in self.new and not any(task.name in self.new for task in self.auxiliaries):
            return "random pairs"
        both_new = self.main in self.new and any(task.name in self.new for task in self.auxiliaries)
        has_both = self.validation is not None and self.validation.new_tasks is not None
        return "two new tasks" if both_new and has_both else "a new task"

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values."""
        return {
            "main": self.main,
            "auxiliaries": [
                {
                    "task": task.name,
                    "probability": task.probability,
                    "gain": task.gain,
                    "reasons": [
                        {"feature": reason.feature, "value": reason.value, "log_odds": reason.log_odds}
                        for reason in task.reasons
                    ],
                }
                for task in self.auxiliaries
            ],
            "outside": {str(task): row.to_dict() for task, row in self.outside.iterrows()},
            "new": list(self.new),
            "held_out": self.held_out,
            "validation": _worth(self.validation),
            "fitted_on": self.fitted_on,
            "left_out": list(self.left_out),
            "problems": list(self.problems),
        }


def _judged(auxiliary: str, row: pd.Series, features: pd.DataFrame, main: str) -> AuxiliaryTask:
    moves = {str(name).removeprefix(CONTRIBUTION): value for name, value in row.items() if CONTRIBUTION in str(name)}
    reasons = [
        Reason(feature, _value(feature, features, main, auxiliary), float(log_odds))
        for feature, log_odds in moves.items()
    ]
    reasons.sort(key=lambda reason: -abs(reason.log_odds))
    return AuxiliaryTask(auxiliary, float(row["probability"]), float(row["gain"]), tuple(reasons))


def _value(feature: str, features: pd.DataFrame, main: str, auxiliary: str) -> float:
    role, name = feature.split(" ", 1)
    of_main, of_auxiliary = (float(features.loc[task, name]) for task in (main, auxiliary))
    return {MAIN: lambda: of_main, AUXILIARY: lambda: of_auxiliary, RATIO: lambda: of_main / of_auxiliary}[role]()


def _left_out(features: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    by_tasks: dict[str, list[str]] = {}
    for name, column in features.reindex(columns=list(names)).items():
        tasks = ", ".join(map(str, features.index[column.isna()]))
        if tasks:
            by_tasks.setdefault(tasks, []).append(str(name))
    return tuple(f"{', '.join(of_tasks)}: not known of {tasks}" for tasks, of_tasks in by_tasks.items())


def _validation(relations: TaskRelations) -> Validation | None:
    try:
        return relations.validate(runs=_RUNS)
    except UserError:
        return None  # too few pairs are known


def _is_known(relations: TaskRelations, task: pd.Series) -> bool:
    """Whether a task is one of those fitted on, and not merely has the name of one."""
    if task.name not in relations.features.index:
        return False
    read = [name for name in relations.names if task.notna().get(name, default=False)]
    same = relations.features.loc[task.name, read].to_numpy(dtype=float) == task[read].to_numpy(dtype=float)
    return bool(same.all())


def _worth(validation: Validation | None) -> dict[str, dict[str, float]] | None:
    if validation is None:
        return None
    return {
        held_out: {
            "accuracy": scores.accuracy,
            "f1": scores.f1,
            "brier": scores.brier,
            "majority_accuracy": scores.majority.accuracy,
            "majority_brier": scores.majority.brier,
        }
        for held_out, scores in validation.held_out.items()
    }
