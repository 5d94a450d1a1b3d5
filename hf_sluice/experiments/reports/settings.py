"""What the section ``report`` of an experiment may say: one form of report, and which axes and names it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from hf_sluice.experiments.reports.section import Section, check_axes, check_known
from hf_sluice.experiments.reports.sparse_settings import OverlapGainReport, SparsityReport

if TYPE_CHECKING:
    from hf_sluice.experiments.reports.section import Axes

PARAMETERS, SPARSITY, OVERLAP = "parameters", "Sparsity", "Overlap ratio"
"""The column of parameters, and the tables of masks, of a report over tasks."""


class Published(Section):
    """Figures of a paper, to stand beside those measured here.

    Args:
        source: where they stand, and on which data: ``Latent MTL, Table 3 (OntoNotes 5.0)``.
        measure: what they are: ``accuracy`` of tokens, or ``value``, the score by which the task is judged.
        blocks: per table of the report (``In-domain``, …) and row the columns' figures, in per cent. Columns that the
            report does not have are shown all the same; the column of averages is named ``average``.
    """

    source: str = Field(min_length=1)
    measure: Literal["accuracy", "value"] = "accuracy"
    blocks: dict[str, dict[str, dict[str, float]]]

    def figures(self, title: str, measure: str) -> dict[str, dict[str, float]]:
        """Those of a table of scores; none where the table shows another measure."""
        return self.blocks.get(title, {}) if measure == self.measure else {}


class _Comparison(Section):
    """What reports that compare systems have in common.

    Args:
        system_axis: the axis whose values are the rows.
        compared: the system whose difference from every other one is tested for being more than noise.
        baselines: the systems over which error reductions are given; those that the axis lacks are left out.
        published: figures of a paper.
    """

    system_axis: str = "system"
    compared: str = "sluice"
    baselines: list[str] = Field(["single task", "hard sharing"])
    published: Published | None = None

    @property
    def row_axis(self) -> str:
        """The axis by which the cost of the runs is told."""
        return self.system_axis

    @property
    def read_axes(self) -> list[str]:
        """The axes that the report shows."""
        return [self.system_axis]

    def systems(self, axes: Axes) -> list[str]:
        """The rows, in order."""
        return list(axes[self.system_axis])

    def check(self, axes: Axes) -> None:
        """Sees to it that the axes have what the report reads.

        Raises:
            ValueError: an axis that there is not or that the report does not show, or an unknown value of an axis.
        """
        check_axes(axes, self.read_axes)
        systems = self.systems(axes)
        check_known("compared", [self.compared], systems)
        if self.published is not None:
            rows = {row for block in self.published.blocks.values() for row in block}
            check_known("published", sorted(rows), systems)


class _OverSources(_Comparison):
    """What reports of one main task, trained on each of several domains, have in common.

    Args:
        main_task: the task whose scores are shown.
        source_axis: the axis of the domains trained on; None where all runs train on the same.
    """

    main_task: str
    source_axis: str | None = "source"

    @property
    def read_axes(self) -> list[str]:
        """The axes that the report shows."""
        return [self.system_axis] if self.source_axis is None else [self.system_axis, self.source_axis]


class DomainsReport(_OverSources):
    """Systems over domains, in-domain and out-of-domain (Latent MTL, Tables 3 and 4)."""

    form: Literal["domains"]


class AblationReport(_OverSources):
    """Variants of one system, averages in-domain and out-of-domain (Latent MTL, Table 6)."""

    form: Literal["ablation"]
    system_axis: str = "variant"
    baselines: list[str] = Field([])


class TasksReport(_Comparison):
    """Systems over tasks (Latent MTL, Table 5; Sparse Sharing, Tables 3 to 6 and 8).

    Args:
        tasks: the columns.
        rows: rows that stand for several values of the axis, such as one single-task model per task; each task's score
            is that of the value that has the task. Values named in no row are rows of their own, after these.
        over: what a score is taken over: ``domains`` (the mean over all test domains) or all test ``sentences``.
        token_accuracy: whether to show the accuracy of tokens besides the scores by which the tasks are judged.
        average: whether to show the mean over the tasks, too, where all their scores are shares of what is right.
        parameters: whether to show how many parameters a row has without embeddings and output layers; of a row that
            stands for several models all of theirs.
        delta_over: the row from which the differences of all others are given.
        published: figures of a paper; beside the scores, blocks named ``Sparsity`` (per cent of the weights) and
            ``Overlap ratio`` (0 to 1; columns ``pos & ner``, ``all``) may stand. A column ``parameters`` is in
            thousands.
    """

    form: Literal["tasks"]
    tasks: list[str] = Field(min_length=1)
    rows: dict[str, list[str]] = Field({})
    over: Literal["domains", "sentences"] = "domains"
    token_accuracy: bool = True
    average: bool = False
    parameters: bool = False
    delta_over: str | None = None

    @property
    def title(self) -> str:
        """Of the table of scores."""
        return "All domains" if self.over == "domains" else "All test sentences"

    def systems(self, axes: Axes) -> list[str]:
        """The rows, in order."""
        taken = {value for values in self.rows.values() for value in values}
        return [*self.rows, *(value for value in axes[self.system_axis] if value not in taken)]

    def row_of(self, value: str) -> str:
        """The row in which a value of the axis stands."""
        return next((row for row, values in self.rows.items() if value in values), value)

    def check(self, axes: Axes) -> None:
        """As above; the values that rows stand for have to be there, too, and the tables that figures are for."""
        super().check(axes)
        for row, values in self.rows.items():
            check_known(f"rows.{row}", values, axes[self.system_axis])
        if self.delta_over is not None:
            check_known("delta_over", [self.delta_over], self.systems(axes))
        if self.published is not None:
            check_known("published.blocks", self.published.blocks, [self.title, SPARSITY, OVERLAP])


class SharingRatioReport(Section):
    """How much the main task draws from the auxiliary one, over the number of sentences (Latent MTL, Figure 2).

    Args:
        main_task: task A of the paper.
        size_axis: the axis of the numbers of sentences; its values' names are numbers.
        line_axis: the axis of the auxiliary tasks, one line each.
        published: what the paper says of it, with its place.
    """

    form: Literal["sharing_ratio"]
    main_task: str
    size_axis: str = "n"
    line_axis: str = "auxiliary"
    published: str | None = None

    @property
    def row_axis(self) -> str:
        """The axis by which the cost of the runs is told."""
        return self.line_axis

    def check(self, axes: Axes) -> None:
        """Sees to it that the axes have what the report reads.

        Raises:
            ValueError: an axis that there is not or that the report does not show, or a size that is no number above 0.
        """
        check_axes(axes, [self.size_axis, self.line_axis])
        for name in axes[self.size_axis]:
            if not name.isdecimal() or not int(name):
                raise ValueError(f"report: values of axis {self.size_axis!r} should be numbers above 0, not {name!r}")


class LearningCurvesReport(Section):
    """Training loss of a task over epochs, one line per system (Sluice, Figure 3).

    Args:
        task: the task whose labels are noise.
        system_axis: the axis of the systems, one line each.
        published: what the paper says of it, with its place.
    """

    form: Literal["learning_curves"]
    task: str
    system_axis: str = "system"
    published: str | None = None

    @property
    def row_axis(self) -> str:
        """The axis by which the cost of the runs is told."""
        return self.system_axis

    def check(self, axes: Axes) -> None:
        """Sees to it that the axes have what the report reads.

        Raises:
            ValueError: an axis that there is not or that the report does not show.
        """
        check_axes(axes, [self.system_axis])


class AnalysisReport(Section):
    """α and β of other experiments' runs, and how they and the gains go with the data (Latent MTL, "Analysis").

    Args:
        experiments: names of experiments (their files' stems) whose results lie beside these, each with its main task.
        system: the system whose α and β are shown.
        baselines: the systems over which gains are computed; an experiment without one has no such gain.
        system_axis: the axis of the systems.
        source_axis: the axis of the domains trained on, where an experiment has it.
        published: what the paper says of it, with its place.
    """

    form: Literal["analysis"]
    experiments: dict[str, str] = Field(min_length=1)
    system: str = "sluice"
    baselines: list[str] = Field(["single task", "hard sharing"])
    system_axis: str = "system"
    source_axis: str = "source"
    published: str | None = None

    def check(self, axes: Axes) -> None:
        """Nothing of the axes is read: the runs are those of other experiments."""


ReportSettings: TypeAlias = Annotated[
    DomainsReport
    | TasksReport
    | AblationReport
    | SharingRatioReport
    | LearningCurvesReport
    | AnalysisReport
    | SparsityReport
    | OverlapGainReport,
    Field(discriminator="form"),
]
