"""Task relations: what is known of tasks and of the gains of pairs, and what it says of other tasks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from hf_sluice.analysis.task_relations.default_features import DEFAULT_FEATURES
from hf_sluice.analysis.task_relations.extrapolation import extrapolation
from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import FitSettings
from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN, all_pairs, pair_features
from hf_sluice.analysis.task_relations.predictor import GainPredictor
from hf_sluice.analysis.task_relations.validation import FOLDS, RUNS, validate
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from hf_sluice.analysis.task_relations.pair_features import Pair
    from hf_sluice.analysis.task_relations.validation import Validation

CONTRIBUTION = "contribution of "
"""What the names of columns of contributions begin with in a table of predictions."""


@dataclass(frozen=True, eq=False)
class TaskRelations:
    """Tasks with features, pairs of them with gains, and a predictor of further gains.

    Args:
        features: of tasks: index ``task``, a column per feature; NaN for what is not known.
        gains: of pairs: columns ``main``, ``auxiliary``, ``gain``, ``spread``, ``seeds`` and ``verdict``.
        names: features of tasks that the predictor is to read.
        predictor: fitted to these tables; None before :meth:`fit`.
        settings: how to fit it.
        left_out: what the predictor does without, one line each.
        source: where the tables come from.
    """

    features: pd.DataFrame
    gains: pd.DataFrame
    names: tuple[str, ...] = DEFAULT_FEATURES
    predictor: GainPredictor | None = None
    settings: FitSettings = field(default_factory=FitSettings)
    left_out: tuple[str, ...] = ()
    source: str = ""

    @classmethod
    def from_tables(
        cls, features: pd.DataFrame, gains: pd.DataFrame, source: str = "", settings: FitSettings | None = None
    ) -> Self:
        """Relations without a predictor.

        Args:
            features: index ``task``, or a column of that name; a column per feature.
            gains: columns ``main``, ``auxiliary`` and ``gain``, and perhaps ``spread``, ``seeds`` and ``verdict``;
                without a verdict the sign decides.
            source: where they come from.
            settings: how to fit predictors.

        Raises:
            UserError: the tables are none of features and gains, or do not belong together.
        """
        from hf_sluice.analysis.task_relations.relation_tables import checked_features, checked_gains

        tasks = checked_features(features)
        return cls(tasks, checked_gains(gains, list(tasks.index)), settings=settings or FitSettings(), source=source)

    @classmethod
    def from_runs(
        cls,
        alone: Mapping[str, Sequence[Path]],
        together: Mapping[Pair, Sequence[Path]],
        budget: int | None = None,
        source: str = "",
    ) -> Self:
        """Relations without a predictor, from the folders of finished runs.

        Args:
            alone: per task its runs; several should differ in their seed.
            together: per directed pair (main, auxiliary) the runs of both.
            budget: steps of the whole training of a task alone; None where its runs were whole trainings.
            source: where they come from.

        Raises:
            UserError: a run is not finished, its corpus cannot be read, or its tasks are others.
        """
        from hf_sluice.analysis.task_relations.run_tables import features_of_runs, gains_of_runs

        return cls.from_tables(features_of_runs(alone, budget), gains_of_runs(alone, together), source)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads a predictor with the tables that it was fitted on.

        Raises:
            UserError: there is no such file, or it is none of this version.
        """
        from hf_sluice.analysis.task_relations.relations_file import load_relations

        return cls(**load_relations(path))

    @classmethod
    def published(cls) -> Self:
        """Those of Bingel & Søgaard's ten tasks, which come with the package."""
        from importlib.resources import as_file, files

        with as_file(files("hf_sluice.analysis.task_relations") / "bingel2017.json") as path:
            return cls.load(path)

    def save(self, path: Path) -> None:
        """Writes the predictor and the tables as JSON.

        Raises:
            UserError: the file cannot be written.
        """
        from hf_sluice.analysis.task_relations.relations_file import save_relations

        save_relations(self, path)

    def fit(self, features: Sequence[str] | None = None) -> Self:
        """Fits a predictor.

        A feature of pairs that is not known for all pairs is left out; ``left_out`` says which, and why.

        Args:
            features: of tasks; None for those of :data:`DEFAULT_FEATURES` that there are.

        Raises:
            UserError: there is no such feature, none is known for all pairs, or not both gains and losses are.
        """
        names = tuple(features or [name for name in DEFAULT_FEATURES if name in self.features])
        absent = [] if features else [f"no task has {name}" for name in DEFAULT_FEATURES if name not in names]
        return self._fitted(names, None, absent)

    def fitted_for(self, features: pd.DataFrame, pairs: Sequence[Pair] | None = None) -> Self:
        """Relations whose predictor reads nothing but what is known of some tasks.

        Where all is known, these relations; else the predictor is fitted once more, to the tables that it was fitted
        on, without the features of pairs that are not; ``left_out`` then tells them.

        Args:
            features: of tasks, as :meth:`predict` takes them.
            pairs: the pairs to predict; None for all.

        Raises:
            UserError: nothing is known that the predictor could read.
        """
        table, problems = self._pairs(features, pairs)
        columns = self._fitted_predictor.columns
        known = [column for column in columns if table[column].notna().all()]
        if len(known) == len(columns):
            return self
        if not known:
            raise UserError(f"nothing is known of the tasks that the predictor reads, such as {columns[0]}")
        return self._fitted(self.names, known, [*self.left_out, *problems])

    def predict(self, features: pd.DataFrame, pairs: Sequence[Pair] | None = None) -> pd.DataFrame:
        """What is to be expected of pairs of tasks.

        Where a feature is not known for a task, the predictor is fitted again without it (:meth:`fitted_for`, which
        tells which): nothing is put in its place.

        Args:
            features: index ``task``, a column per feature; NaN for what is not known.
            pairs: directed pairs (main, auxiliary); None for all.

        Returns:
            Index ``(main, auxiliary)``: ``probability`` of a gain; ``gain``, the change to be expected in per cent of
            the main task's score; ``main outside`` and ``auxiliary outside``, how far the task lies outside those that
            the predictor was fitted on, in widths of their range, by the feature that lies furthest out; and
            ``contribution of <feature of pairs>``, in log odds, what speaks for a gain being positive.

        Raises:
            UserError: there are not two tasks, a task has no features, or none is known that the predictor could read.
        """
        import pandas as pd

        relations = self.fitted_for(features, pairs)
        predictor = relations._fitted_predictor  # noqa: SLF001 - of the same class
        table, _ = relations._pairs(features, pairs)  # noqa: SLF001
        outside = relations.extrapolation(features)["furthest"]
        predicted = pd.DataFrame(
            {
                "probability": predictor.probabilities(table),
                "gain": predictor.sizes(table),
                "main outside": outside.loc[table.index.get_level_values(MAIN)].to_numpy(),
                "auxiliary outside": outside.loc[table.index.get_level_values(AUXILIARY)].to_numpy(),
            },
            index=table.index,
        )
        return predicted.join(predictor.contributions(table).add_prefix(CONTRIBUTION))

    def extrapolation(self, features: pd.DataFrame) -> pd.DataFrame:
        """How far tasks lie outside those that the predictor was fitted on, as :func:`~.extrapolation.extrapolation`.

        By the features that the predictor reads of either task and that are known of all these tasks.
        """
        read = [name for name in self.names if {f"{MAIN} {name}", f"{AUXILIARY} {name}"} & {*self._columns}]
        known = features.reindex(columns=read).astype(float)
        usable = [name for name in read if known[name].notna().all() and self.features[name].notna().all()]
        if not usable:
            raise UserError("no feature that the predictor reads is known of all tasks")
        return extrapolation(known[usable], self.features.astype(float), usable)

    def validate(self, runs: int = RUNS, folds: int = FOLDS) -> Validation:
        """What the predictor's advice is worth for pairs, and for tasks, that it was not fitted on.

        Raises:
            UserError: too few pairs have a gain or a loss.
        """
        return validate(self.known_pairs, self.settings, runs, folds)

    @cached_property
    def known_pairs(self) -> KnownPairs:
        """The pairs with gains, and of their features those that the predictor reads; before it is fitted, all."""
        return KnownPairs.of(self.features, self.gains, self.names, self._columns or None)[0]

    @property
    def _columns(self) -> tuple[str, ...]:
        return () if self.predictor is None else self.predictor.columns

    @property
    def _fitted_predictor(self) -> GainPredictor:
        if self.predictor is None:
            raise ValueError("there is no predictor yet; fit() makes one")
        return self.predictor

    def _fitted(self, names: Sequence[str], columns: Sequence[str] | None, left_out: Sequence[str]) -> Self:
        pairs, problems = KnownPairs.of(self.features, self.gains, names, columns)
        predictor = GainPredictor.fit(pairs, self.settings)
        told = tuple(dict.fromkeys([*left_out, *problems]))
        return replace(self, names=tuple(names), predictor=predictor, left_out=told)

    def _pairs(self, features: pd.DataFrame, pairs: Sequence[Pair] | None) -> tuple[pd.DataFrame, list[str]]:
        """Features of pairs of other tasks; what they lack is not known."""
        known = features.reindex(columns=list(self.names))
        found = pair_features(known, self.names, all_pairs(known.index) if pairs is None else pairs)
        return found.table, found.problems
