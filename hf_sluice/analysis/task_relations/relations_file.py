"""Task relations to and from the file of their predictor."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.analysis.task_relations.logistic import FitSettings, Line
from hf_sluice.analysis.task_relations.pair_features import pair_columns
from hf_sluice.analysis.task_relations.predictor import GainPredictor
from hf_sluice.analysis.task_relations.predictor_file import (
    ColumnRecord,
    GainRecord,
    PredictorRecord,
    SettingsRecord,
    read_record,
    write_record,
)
from hf_sluice.analysis.task_relations.relation_tables import GAIN_COLUMNS, TASK
from hf_sluice.analysis.task_relations.scaling import Scaling
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from hf_sluice.analysis.task_relations.relations import TaskRelations


def save_relations(relations: TaskRelations, path: Path) -> None:
    """Writes a predictor and the tables it was fitted on.

    Raises:
        UserError: the file cannot be written.
        ValueError: there is no predictor yet.
    """
    predictor = relations.predictor
    if predictor is None:
        raise ValueError("there is no predictor yet; fit() makes one")
    columns = [
        ColumnRecord(
            name=name,
            minimum=predictor.scaling.minimum[place],
            maximum=predictor.scaling.maximum[place],
            centre=predictor.centre[place],
            log_odds=predictor.log_odds.coefficients[place],
            size=predictor.size.coefficients[place],
        )
        for place, name in enumerate(predictor.columns)
    ]
    record = PredictorRecord(
        source=relations.source,
        features=list(relations.names),
        left_out=list(relations.left_out),
        settings=SettingsRecord(**asdict(predictor.settings)),
        columns=columns,
        log_odds_intercept=predictor.log_odds.intercept,
        size_intercept=predictor.size.intercept,
        tasks={str(task): _known(row) for task, row in relations.features.iterrows()},
        gains=[GainRecord(**_plain(row)) for row in relations.gains.to_dict("records")],
    )
    write_record(record, path)


def load_relations(path: Path) -> dict[str, Any]:
    """The fields of relations.

    Raises:
        UserError: there is no such file, or it is none of this version, or damaged.
    """
    import pandas as pd

    record = read_record(path)
    names = [column.name for column in record.columns]
    unknown = set(names) - set(pair_columns(record.features))
    if unknown:
        raise UserError(f"{path}: columns: {min(unknown)!r} is of none of the features, {', '.join(record.features)}")
    features = pd.DataFrame.from_dict(record.tasks, orient="index").astype(float).rename_axis(TASK)
    gains = pd.DataFrame([gain.model_dump(mode="json") for gain in record.gains], columns=list(GAIN_COLUMNS))
    settings = FitSettings(**record.settings.model_dump())
    return {
        "features": features,
        "gains": gains.astype({"spread": float}),
        "names": tuple(record.features),
        "predictor": _predictor(record, settings),
        "settings": settings,
        "left_out": tuple(record.left_out),
        "source": record.source,
    }


def _predictor(record: PredictorRecord, settings: FitSettings) -> GainPredictor:
    minimum, maximum, centre, log_odds, size = (
        np.array([getattr(column, name) for column in record.columns])
        for name in ("minimum", "maximum", "centre", "log_odds", "size")
    )
    return GainPredictor(
        columns=tuple(column.name for column in record.columns),
        scaling=Scaling(minimum, maximum),
        centre=centre,
        log_odds=Line(log_odds, record.log_odds_intercept),
        size=Line(size, record.size_intercept),
        settings=settings,
    )


def _known(row: pd.Series) -> dict[str, float | None]:
    return {str(name): None if np.isnan(value) else float(value) for name, value in row.items()}


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): None if isinstance(value, float) and np.isnan(value) else value for name, value in row.items()}
